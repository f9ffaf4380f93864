"""Days that go by in a moment."""


class Days:
    """Moves all moments of some people's rows into the past."""

    MOMENTS = {
        "chores": ("creator_id", "created_at", "updated_at"),
        "chore_assignments": ("assignee_id", "created_at", "updated_at", "completion_date", "approval_date"),
        "reward_adjustments": ("child_id", "created_at"),
        "activities": ("user_id", "created_at"),
    }

    def __init__(self, people, persons):
        self.people = people
        self.ids = [person.id for person in persons]

    def pass_by(self, days=0, hours=0):
        # without the triggers, which would set updated_at to now
        self.people.sql("SET session_replication_role = replica")
        for table, (owner, *columns) in self.MOMENTS.items():
            moved = ", ".join(f"{c} = {c} - make_interval(hours => {24 * days + hours})" for c in columns)
            self.people.sql(f"UPDATE {table} SET {moved} WHERE {owner} = ANY(%s)", self.ids)
        self.people.sql("RESET session_replication_role")
