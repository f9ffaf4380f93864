-- The schema that the service's first implementation made, to the letter: names of constraints, indexes,
-- sequences and triggers, order and defaults of columns. That implementation recognises it by the row in
-- alembic_version and can still run on it; a database that it made is taken over as it is, without this file.
-- Migrations after this one only add: columns that may be null or have a default, indexes, tables, functions.

CREATE TABLE alembic_version (
    version_num varchar(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE families (
    id serial NOT NULL,
    name varchar(255),
    invite_code varchar(8) NOT NULL,
    invite_code_expires_at timestamptz,
    created_at timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT pk_families PRIMARY KEY (id)
);

CREATE TABLE users (
    id serial NOT NULL,
    email varchar(255),
    username varchar(100) NOT NULL,
    hashed_password varchar(255) NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    is_parent boolean DEFAULT false NOT NULL,
    parent_id integer,
    family_id integer,
    created_at timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT fk_users_parent_id FOREIGN KEY (parent_id) REFERENCES users (id),
    CONSTRAINT fk_users_family_id FOREIGN KEY (family_id) REFERENCES families (id)
);

CREATE TABLE chores (
    id serial NOT NULL,
    title varchar(255) NOT NULL,
    description text NOT NULL,
    reward double precision DEFAULT 0.0 NOT NULL,
    min_reward double precision,
    max_reward double precision,
    is_range_reward boolean DEFAULT false NOT NULL,
    cooldown_days integer DEFAULT 0 NOT NULL,
    is_recurring boolean DEFAULT false NOT NULL,
    frequency varchar(50),
    assignment_mode varchar(20) DEFAULT 'single' NOT NULL,
    is_disabled boolean DEFAULT false NOT NULL,
    approval_reward double precision,
    rejection_reason text,
    created_at timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    creator_id integer NOT NULL,
    CONSTRAINT pk_chores PRIMARY KEY (id),
    CONSTRAINT fk_chores_creator_id FOREIGN KEY (creator_id) REFERENCES users (id)
);

CREATE TABLE chore_assignments (
    id serial NOT NULL,
    chore_id integer NOT NULL,
    assignee_id integer NOT NULL,
    is_completed boolean DEFAULT false NOT NULL,
    is_approved boolean DEFAULT false NOT NULL,
    completion_date timestamptz,
    approval_date timestamptz,
    approval_reward double precision,
    rejection_reason text,
    created_at timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT pk_chore_assignments PRIMARY KEY (id),
    CONSTRAINT fk_assignments_chore_id FOREIGN KEY (chore_id) REFERENCES chores (id) ON DELETE CASCADE,
    CONSTRAINT fk_assignments_assignee_id FOREIGN KEY (assignee_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT uq_chore_assignee UNIQUE (chore_id, assignee_id)
);

CREATE TABLE reward_adjustments (
    id serial NOT NULL,
    child_id integer NOT NULL,
    parent_id integer NOT NULL,
    amount numeric(10,2) NOT NULL,
    reason varchar(500) NOT NULL,
    created_at timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT pk_reward_adjustments PRIMARY KEY (id),
    CONSTRAINT fk_adjustments_child_id FOREIGN KEY (child_id) REFERENCES users (id),
    CONSTRAINT fk_adjustments_parent_id FOREIGN KEY (parent_id) REFERENCES users (id)
);

CREATE TABLE activities (
    id serial NOT NULL,
    user_id integer NOT NULL,
    activity_type varchar(50) NOT NULL,
    description text NOT NULL,
    target_user_id integer,
    activity_data jsonb,
    created_at timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT pk_activities PRIMARY KEY (id),
    CONSTRAINT fk_activities_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_activities_target_user_id FOREIGN KEY (target_user_id) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_families_id ON families (id);
CREATE UNIQUE INDEX ix_families_invite_code ON families (invite_code);

CREATE INDEX ix_users_id ON users (id);
CREATE UNIQUE INDEX ix_users_email ON users (email);
CREATE UNIQUE INDEX ix_users_username ON users (username);
CREATE INDEX ix_users_family_id ON users (family_id);
CREATE INDEX idx_users_parent_id ON users (parent_id);

CREATE INDEX ix_chores_id ON chores (id);
CREATE INDEX ix_chores_title ON chores (title);
CREATE INDEX idx_chores_assignment_mode ON chores (assignment_mode);
CREATE INDEX idx_chores_creator_id ON chores (creator_id);
CREATE INDEX idx_chores_created_at ON chores (created_at);
CREATE INDEX idx_chores_status ON chores (is_disabled);

CREATE INDEX idx_assignments_chore_id ON chore_assignments (chore_id);
CREATE INDEX idx_assignments_assignee_id ON chore_assignments (assignee_id);
CREATE INDEX idx_assignments_is_completed ON chore_assignments (is_completed);
CREATE INDEX idx_assignments_is_approved ON chore_assignments (is_approved);

CREATE INDEX ix_reward_adjustments_id ON reward_adjustments (id);
CREATE INDEX idx_adjustments_child_id ON reward_adjustments (child_id);
CREATE INDEX idx_adjustments_parent_id ON reward_adjustments (parent_id);

CREATE INDEX ix_activities_id ON activities (id);
CREATE INDEX ix_activities_user_id ON activities (user_id);
CREATE INDEX ix_activities_activity_type ON activities (activity_type);
CREATE INDEX ix_activities_created_at ON activities (created_at);
CREATE INDEX idx_activities_data_gin ON activities USING gin (activity_data);

CREATE FUNCTION update_updated_at_column() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at = CURRENT_TIMESTAMP;
    RETURN NEW;
END;
$$;

CREATE TRIGGER trg_families_updated_at BEFORE UPDATE ON families
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER trg_users_updated_at BEFORE UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER trg_chores_updated_at BEFORE UPDATE ON chores
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER trg_chore_assignments_updated_at BEFORE UPDATE ON chore_assignments
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

INSERT INTO alembic_version (version_num) VALUES ('001_pg_initial');
