"""FastAPI's peer: asyncpg, PyJWT, prometheus-fastapi-instrumentator."""

import contextlib
import datetime
import os
import pathlib
from typing import Annotated

import asyncpg
import jwt
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer
from prometheus_fastapi_instrumentator import Instrumentator, metrics
from pydantic import BaseModel

SQL = pathlib.Path(os.environ["SQL"])
CALLER = (SQL / "caller.sql").read_text()
CHORES = (SQL / "chores_list.sql").read_text()
SECRET_KEY = os.environ["SECRET_KEY"]
BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1)

Time = datetime.datetime


class User(BaseModel):
    username: str
    is_parent: bool
    email: str | None
    id: int
    is_active: bool
    parent_id: int | None


class Assignment(BaseModel):
    id: int
    chore_id: int
    assignee_id: int
    is_completed: bool
    is_approved: bool
    completion_date: Time | None
    approval_date: Time | None
    approval_reward: float | None
    rejection_reason: str | None
    created_at: Time
    updated_at: Time


class Chore(BaseModel):
    title: str
    description: str
    reward: float
    min_reward: float | None
    max_reward: float | None
    approval_reward: float | None = None
    rejection_reason: str | None = None
    is_range_reward: bool
    cooldown_days: int
    is_recurring: bool
    frequency: str | None
    is_disabled: bool
    id: int
    assignment_mode: str
    creator_id: int
    created_at: Time
    updated_at: Time
    is_completed: bool | None = None
    is_approved: bool | None = None
    completed_at: Time | None = None
    approved_at: Time | None = None
    assignments: list[Assignment]


# Columns of chores_list.sql; both halves have an id, so names won't do.
CHORE_COLUMNS = ("title", "description", "reward", "min_reward", "max_reward", "is_range_reward", "cooldown_days",
                 "is_recurring", "frequency", "is_disabled", "id", "assignment_mode", "creator_id", "created_at",
                 "updated_at")  # fmt: skip
ASSIGNMENT_COLUMNS = tuple(Assignment.model_fields)
CHORE_ID = CHORE_COLUMNS.index("id")
ASSIGNMENT = len(CHORE_COLUMNS)


@contextlib.asynccontextmanager
async def lifespan(app):
    connections = int(os.environ["POOL"])
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=connections, max_size=connections) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)
Instrumentator(
    should_group_status_codes=False, should_instrument_requests_inprogress=True, inprogress_labels=True
).add(
    metrics.requests(), metrics.latency(buckets=BUCKETS)
).instrument(app).expose(app)  # fmt: skip

bearer = OAuth2PasswordBearer("/api/v1/users/login")


async def connection(request: Request):
    async with request.app.state.pool.acquire() as one:
        yield one


Connection = Annotated[asyncpg.Connection, Depends(connection)]


async def caller(token: Annotated[str, Depends(bearer)], db: Connection):
    refusal = HTTPException(401, "Invalid authentication credentials")
    try:
        user_id = int(jwt.decode(token, SECRET_KEY, algorithms=["HS256"])["sub"])
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise refusal from None
    row = await db.fetchrow(CALLER, user_id)
    if row is None or not row["is_active"]:
        raise refusal
    return row


Caller = Annotated[asyncpg.Record, Depends(caller)]


@app.get("/api/v1/users/me")
async def me(user: Caller) -> User:
    return User(**user)


@app.get("/api/v1/chores")
async def chores(user: Caller, db: Connection) -> list[Chore]:
    found = []
    for row in await db.fetch(CHORES, user["id"], None, None):
        values = tuple(row.values())
        if not found or found[-1].id != values[CHORE_ID]:
            found.append(Chore(**dict(zip(CHORE_COLUMNS, values)), assignments=[]))
        if values[ASSIGNMENT] is not None:
            found[-1].assignments.append(Assignment(**dict(zip(ASSIGNMENT_COLUMNS, values[ASSIGNMENT:]))))
    return found
