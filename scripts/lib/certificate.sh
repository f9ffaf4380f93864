# The development certificate, cert/server.pem and cert/key.pem: made on first
# use, good for this machine's own names only, and made again before it expires.

CERTIFICATE=$ROOT/cert/server.pem
CERTIFICATE_KEY=$ROOT/cert/key.pem

# Kept if it lasts another week and names the loopback address (the one that
# kodev makes by itself does not).
certificate_is_good()
{
	[ -r "$CERTIFICATE" ] && [ -r "$CERTIFICATE_KEY" ] &&
	    openssl x509 -in "$CERTIFICATE" -noout -checkend 604800 >/dev/null &&
	    openssl x509 -in "$CERTIFICATE" -noout -ext subjectAltName \
	    2>/dev/null | grep -q 'IP Address:127\.0\.0\.1'
}

# certificate_make FOLDER: server.pem and key.pem in it.
certificate_make()
{
	(
		umask 077
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		    -nodes -sha256 -days 397 -subj '/CN=localhost' \
		    -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1' \
		    -addext 'extendedKeyUsage=serverAuth' \
		    -keyout "$1/key.pem" -out "$1/server.pem" \
		    2>"$1/log" || { cat "$1/log" >&2; exit 1; }
		chmod 644 "$1/server.pem"
	) || die "openssl made no certificate: see above"
}

certificate_need()
{
	local fresh

	certificate_is_good && return
	mkdir -p "$ROOT/cert"
	fresh=$(mktemp -d "$ROOT/cert/new.XXXXXX")
	certificate_make "$fresh"
	mv "$fresh/key.pem" "$CERTIFICATE_KEY"
	mv "$fresh/server.pem" "$CERTIFICATE"
	rm -r "$fresh"
}
