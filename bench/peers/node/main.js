// Node's peer: fastify, pg, fast-jwt, prom-client; a process a CPU by cluster.
import cluster from "node:cluster";
import { readFileSync } from "node:fs";
import Fastify from "fastify";
import { createVerifier } from "fast-jwt";
import pg from "pg";
import client from "prom-client";

const PROCESSES = 2;
const HOST = "127.0.0.1";
const METRICS = "/metrics";

// The workers' metrics are added up where the primary gathers them, so the
// primary serves them and the workers ask it for them.
function runPrimary() {
  const aggregator = new client.AggregatorRegistry();
  for (let i = 0; i < PROCESSES; i++) cluster.fork();
  cluster.on("exit", () => process.exit(1));
  cluster.on("message", async (worker, message) => {
    if (message.ask !== METRICS) return;
    worker.send({ id: message.id, metrics: await aggregator.clusterMetrics() });
  });
}

function openMetrics() {
  new client.AggregatorRegistry(); // answers the primary
  client.collectDefaultMetrics();
  const labelNames = ["handler", "method"];
  return {
    total: new client.Counter({
      name: "http_requests_total", help: "Requests answered", labelNames: [...labelNames, "status"],
    }),
    active: new client.Gauge({ name: "http_requests_inprogress", help: "Requests being answered", labelNames }),
    seconds: new client.Histogram({
      name: "http_request_duration_seconds", help: "Time to the answer", labelNames,
      buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
    }),
  };
}

const userSchema = {
  type: "object",
  properties: {
    username: { type: "string" },
    is_parent: { type: "boolean" },
    email: { type: "string", nullable: true },
    id: { type: "integer" },
    is_active: { type: "boolean" },
    parent_id: { type: "integer", nullable: true },
  },
};

function unauthorized() {
  return Object.assign(new Error("Invalid authentication credentials"), { statusCode: 401 });
}

function makeApp(metrics, https) {
  const app = Fastify({ logger: false, https });
  const pool = makeApp.pool ??= new pg.Pool({
    connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL),
  });
  const verify = makeApp.verify ??= createVerifier({ key: process.env.SECRET_KEY, algorithms: ["HS256"] });
  const caller = readFileSync(`${process.env.SQL}/caller.sql`, "utf8");

  app.addHook("onRequest", (request, reply, done) => {
    request.labels = { handler: request.routeOptions.url ?? "none", method: request.method };
    metrics.active.inc(request.labels);
    request.end = metrics.seconds.startTimer(request.labels);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    request.end();
    metrics.active.dec(request.labels);
    metrics.total.inc({ ...request.labels, status: reply.statusCode });
    done();
  });
  app.get("/api/v1/users/me", { schema: { response: { 200: userSchema } } }, async (request) => {
    const header = request.headers.authorization ?? "";
    let claims;
    try {
      claims = verify(header.startsWith("Bearer ") ? header.slice(7) : "");
    } catch {
      throw unauthorized();
    }
    const { rows } = await pool.query({ name: "caller", text: caller, values: [claims.sub] });
    if (rows.length === 0 || !rows[0].is_active) throw unauthorized();
    return rows[0];
  });
  app.get(METRICS, async (request, reply) => {
    reply.type(client.register.contentType);
    return askPrimary();
  });
  return app;
}

const waiting = new Map();

function askPrimary() {
  return new Promise((resolve) => {
    const id = `${process.pid}.${askPrimary.next = (askPrimary.next ?? 0) + 1}`;
    waiting.set(id, resolve);
    process.send({ ask: METRICS, id });
  });
}

async function runWorker() {
  process.on("message", ({ id, metrics }) => {
    waiting.get(id)?.(metrics);
    waiting.delete(id);
  });
  const metrics = openMetrics();
  const { HTTP_PORT, PORT, TLS_CERT_FILE, TLS_KEY_FILE } = process.env;
  const https = { cert: readFileSync(TLS_CERT_FILE), key: readFileSync(TLS_KEY_FILE) };
  await makeApp(metrics, null).listen({ host: HOST, port: Number(HTTP_PORT) });
  await makeApp(metrics, https).listen({ host: HOST, port: Number(PORT) });
}

if (cluster.isPrimary) runPrimary();
else await runWorker();
