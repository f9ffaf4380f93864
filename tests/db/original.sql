-- The database of the first implementation, written from its description and from nothing of ours: what the tests of
-- a take-over start from, and what an empty database is compared with.

CREATE SEQUENCE families_id_seq AS integer;
CREATE SEQUENCE users_id_seq AS integer;
CREATE SEQUENCE chores_id_seq AS integer;
CREATE SEQUENCE chore_assignments_id_seq AS integer;
CREATE SEQUENCE reward_adjustments_id_seq AS integer;
CREATE SEQUENCE activities_id_seq AS integer;

CREATE TABLE public.families (id integer DEFAULT nextval('families_id_seq') NOT NULL, name character varying(255),
    invite_code character varying(8) NOT NULL, invite_code_expires_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE TABLE public.users (id integer DEFAULT nextval('users_id_seq') NOT NULL, email character varying(255),
    username character varying(100) NOT NULL, hashed_password character varying(255) NOT NULL,
    is_active boolean DEFAULT true NOT NULL, is_parent boolean DEFAULT false NOT NULL, parent_id integer, family_id integer,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE TABLE public.chores (id integer DEFAULT nextval('chores_id_seq') NOT NULL, title character varying(255) NOT NULL,
    description text NOT NULL, reward double precision DEFAULT 0.0 NOT NULL, min_reward double precision,
    max_reward double precision, is_range_reward boolean DEFAULT false NOT NULL, cooldown_days integer DEFAULT 0 NOT NULL,
    is_recurring boolean DEFAULT false NOT NULL, frequency character varying(50),
    assignment_mode character varying(20) DEFAULT 'single' NOT NULL, is_disabled boolean DEFAULT false NOT NULL,
    approval_reward double precision, rejection_reason text,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL, creator_id integer NOT NULL);
CREATE TABLE public.chore_assignments (id integer DEFAULT nextval('chore_assignments_id_seq') NOT NULL,
    chore_id integer NOT NULL, assignee_id integer NOT NULL, is_completed boolean DEFAULT false NOT NULL,
    is_approved boolean DEFAULT false NOT NULL, completion_date timestamp with time zone,
    approval_date timestamp with time zone, approval_reward double precision, rejection_reason text,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE TABLE public.reward_adjustments (id integer DEFAULT nextval('reward_adjustments_id_seq') NOT NULL,
    child_id integer NOT NULL, parent_id integer NOT NULL, amount numeric(10,2) NOT NULL,
    reason character varying(500) NOT NULL, created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE TABLE public.activities (id integer DEFAULT nextval('activities_id_seq') NOT NULL, user_id integer NOT NULL,
    activity_type character varying(50) NOT NULL, description text NOT NULL, target_user_id integer, activity_data jsonb,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE TABLE public.alembic_version (version_num character varying(32) NOT NULL);

ALTER SEQUENCE families_id_seq OWNED BY families.id;
ALTER SEQUENCE users_id_seq OWNED BY users.id;
ALTER SEQUENCE chores_id_seq OWNED BY chores.id;
ALTER SEQUENCE chore_assignments_id_seq OWNED BY chore_assignments.id;
ALTER SEQUENCE reward_adjustments_id_seq OWNED BY reward_adjustments.id;
ALTER SEQUENCE activities_id_seq OWNED BY activities.id;

ALTER TABLE families ADD CONSTRAINT pk_families PRIMARY KEY (id);
ALTER TABLE users ADD CONSTRAINT pk_users PRIMARY KEY (id);
ALTER TABLE chores ADD CONSTRAINT pk_chores PRIMARY KEY (id);
ALTER TABLE chore_assignments ADD CONSTRAINT pk_chore_assignments PRIMARY KEY (id);
ALTER TABLE reward_adjustments ADD CONSTRAINT pk_reward_adjustments PRIMARY KEY (id);
ALTER TABLE activities ADD CONSTRAINT pk_activities PRIMARY KEY (id);
ALTER TABLE alembic_version ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE chore_assignments ADD CONSTRAINT uq_chore_assignee UNIQUE (chore_id, assignee_id);

ALTER TABLE users ADD CONSTRAINT fk_users_parent_id FOREIGN KEY (parent_id) REFERENCES users (id);
ALTER TABLE users ADD CONSTRAINT fk_users_family_id FOREIGN KEY (family_id) REFERENCES families (id);
ALTER TABLE chores ADD CONSTRAINT fk_chores_creator_id FOREIGN KEY (creator_id) REFERENCES users (id);
ALTER TABLE chore_assignments ADD CONSTRAINT fk_assignments_chore_id
    FOREIGN KEY (chore_id) REFERENCES chores (id) ON DELETE CASCADE;
ALTER TABLE chore_assignments ADD CONSTRAINT fk_assignments_assignee_id
    FOREIGN KEY (assignee_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE reward_adjustments ADD CONSTRAINT fk_adjustments_child_id FOREIGN KEY (child_id) REFERENCES users (id);
ALTER TABLE reward_adjustments ADD CONSTRAINT fk_adjustments_parent_id FOREIGN KEY (parent_id) REFERENCES users (id);
ALTER TABLE activities ADD CONSTRAINT fk_activities_user_id
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE activities ADD CONSTRAINT fk_activities_target_user_id
    FOREIGN KEY (target_user_id) REFERENCES users (id) ON DELETE SET NULL;

CREATE INDEX ix_families_id ON families USING btree (id);
CREATE UNIQUE INDEX ix_families_invite_code ON families USING btree (invite_code);
CREATE INDEX ix_users_id ON users USING btree (id);
CREATE UNIQUE INDEX ix_users_email ON users USING btree (email);
CREATE UNIQUE INDEX ix_users_username ON users USING btree (username);
CREATE INDEX ix_users_family_id ON users USING btree (family_id);
CREATE INDEX idx_users_parent_id ON users USING btree (parent_id);
CREATE INDEX ix_chores_id ON chores USING btree (id);
CREATE INDEX ix_chores_title ON chores USING btree (title);
CREATE INDEX idx_chores_assignment_mode ON chores USING btree (assignment_mode);
CREATE INDEX idx_chores_creator_id ON chores USING btree (creator_id);
CREATE INDEX idx_chores_created_at ON chores USING btree (created_at);
CREATE INDEX idx_chores_status ON chores USING btree (is_disabled);
CREATE INDEX idx_assignments_chore_id ON chore_assignments USING btree (chore_id);
CREATE INDEX idx_assignments_assignee_id ON chore_assignments USING btree (assignee_id);
CREATE INDEX idx_assignments_is_completed ON chore_assignments USING btree (is_completed);
CREATE INDEX idx_assignments_is_approved ON chore_assignments USING btree (is_approved);
CREATE INDEX ix_reward_adjustments_id ON reward_adjustments USING btree (id);
CREATE INDEX idx_adjustments_child_id ON reward_adjustments USING btree (child_id);
CREATE INDEX idx_adjustments_parent_id ON reward_adjustments USING btree (parent_id);
CREATE INDEX ix_activities_id ON activities USING btree (id);
CREATE INDEX ix_activities_user_id ON activities USING btree (user_id);
CREATE INDEX ix_activities_activity_type ON activities USING btree (activity_type);
CREATE INDEX ix_activities_created_at ON activities USING btree (created_at);
CREATE INDEX idx_activities_data_gin ON activities USING gin (activity_data);

CREATE FUNCTION update_updated_at_column() RETURNS TRIGGER AS
'BEGIN NEW.updated_at = CURRENT_TIMESTAMP; RETURN NEW; END;' LANGUAGE plpgsql;
CREATE TRIGGER trg_families_updated_at BEFORE UPDATE ON families FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER trg_users_updated_at BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER trg_chores_updated_at BEFORE UPDATE ON chores FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER trg_chore_assignments_updated_at BEFORE UPDATE ON chore_assignments FOR EACH ROW
    EXECUTE FUNCTION update_updated_at_column();

INSERT INTO alembic_version VALUES ('001_pg_initial');
