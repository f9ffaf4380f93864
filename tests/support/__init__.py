"""What the black-box tests share: a database, servers, clients, people."""
