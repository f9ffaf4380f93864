//! Rust's peer: axum, tokio-postgres and deadpool, jsonwebtoken, prometheus, rustls.

use std::{env, fs, net::SocketAddr, sync::Arc, time::Instant};

use axum::{
    extract::{Request, State},
    http::{header, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
    Json, Router,
};
use axum_server::tls_rustls::RustlsConfig;
use deadpool_postgres::{Manager, ManagerConfig, Pool, PoolError, RecyclingMethod};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use prometheus::{
    register_histogram_vec, register_int_counter_vec, register_int_gauge_vec, Encoder, HistogramVec, IntCounterVec,
    IntGaugeVec, TextEncoder,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_postgres::NoTls;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Shared {
    pool: Pool,
    caller: String,
    key: DecodingKey,
    validation: Validation,
    total: IntCounterVec,
    active: IntGaugeVec,
    seconds: HistogramVec,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
}

#[derive(Serialize)]
struct User {
    username: String,
    is_parent: bool,
    email: Option<String>,
    id: i32,
    is_active: bool,
    parent_id: Option<i32>,
}

enum Failure {
    Unauthorized,
    Database,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, detail) = match self {
            Failure::Unauthorized => (StatusCode::UNAUTHORIZED, "Invalid authentication credentials"),
            Failure::Database => (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
        };
        (status, Json(json!({ "detail": detail }))).into_response()
    }
}

impl From<PoolError> for Failure {
    fn from(_: PoolError) -> Self {
        Failure::Database
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(_: tokio_postgres::Error) -> Self {
        Failure::Database
    }
}

impl Shared {
    fn token_user(&self, request: &Request) -> Result<i64, Failure> {
        let token = request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or(Failure::Unauthorized)?;
        let data = jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation)
            .map_err(|_| Failure::Unauthorized)?;
        data.claims.sub.parse().map_err(|_| Failure::Unauthorized)
    }
}

async fn me(State(shared): State<Arc<Shared>>, request: Request) -> Result<Json<User>, Failure> {
    let id = shared.token_user(&request)?;
    let client = shared.pool.get().await?;
    let statement = client.prepare_cached(&shared.caller).await?;
    let row = client.query_opt(&statement, &[&id]).await?.ok_or(Failure::Unauthorized)?;
    let user = User {
        username: row.get(0),
        is_parent: row.get(1),
        email: row.get(2),
        id: row.get(3),
        is_active: row.get(4),
        parent_id: row.get(5),
    };
    if user.is_active {
        Ok(Json(user))
    } else {
        Err(Failure::Unauthorized)
    }
}

/// Counts and times one operation; the template is the route's own.
async fn account(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let template = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let labels = [template.as_str(), "GET"];
    let began = Instant::now();
    let active = shared.active.with_label_values(&labels);
    active.inc();
    let response = next.run(request).await;
    active.dec();
    shared.seconds.with_label_values(&labels).observe(began.elapsed().as_secs_f64());
    shared.total.with_label_values(&[labels[0], labels[1], response.status().as_str()]).inc();
    response
}

async fn metrics() -> impl IntoResponse {
    let encoder = TextEncoder::new();
    let mut body = Vec::new();
    encoder.encode(&prometheus::gather(), &mut body).expect("metrics");
    ([(header::CONTENT_TYPE, encoder.format_type().to_owned())], body)
}

fn setting(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

fn open_pool() -> Pool {
    let config: tokio_postgres::Config = setting("DATABASE_URL").parse().expect("DATABASE_URL");
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let connections = setting("POOL").parse().expect("POOL");
    Pool::builder(Manager::from_config(config, NoTls, recycling)).max_size(connections).build().expect("pool")
}

fn shared() -> Shared {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    Shared {
        pool: open_pool(),
        caller: fs::read_to_string(setting("SQL") + "/caller.sql").expect("caller.sql"),
        key: DecodingKey::from_secret(setting("SECRET_KEY").as_bytes()),
        validation,
        total: register_int_counter_vec!("http_requests_total", "Requests answered", &["handler", "method", "status"])
            .expect("metric"),
        active: register_int_gauge_vec!("http_requests_inprogress", "Requests being answered", &["handler", "method"])
            .expect("metric"),
        seconds: register_histogram_vec!(
            "http_request_duration_seconds",
            "Time to the answer",
            &["handler", "method"],
            vec![0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0]
        )
        .expect("metric"),
    }
}

fn address(name: &str) -> SocketAddr {
    format!("127.0.0.1:{}", setting(name)).parse().expect("a port")
}

#[tokio::main]
async fn main() {
    let shared = Arc::new(shared());
    let app = Router::new()
        .route("/api/v1/users/me", get(me))
        .route_layer(middleware::from_fn_with_state(shared.clone(), account))
        .route("/metrics", get(metrics))
        .with_state(shared);
    let tls = RustlsConfig::from_pem_file(setting("TLS_CERT_FILE"), setting("TLS_KEY_FILE")).await.expect("certificate");
    let plain = axum_server::bind(address("HTTP_PORT")).serve(app.clone().into_make_service());
    let secure = axum_server::bind_rustls(address("PORT"), tls).serve(app.into_make_service());
    tokio::try_join!(plain, secure).expect("serve");
}
