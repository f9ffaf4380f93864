f.name, f.id, f.invite_code, f.invite_code_expires_at, f.created_at,
       f.updated_at
