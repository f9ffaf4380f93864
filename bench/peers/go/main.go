// Go's peer: net/http, pgx, golang-jwt, client_golang.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

type user struct {
	Username string  `json:"username"`
	IsParent bool    `json:"is_parent"`
	Email    *string `json:"email"`
	ID       int32   `json:"id"`
	IsActive bool    `json:"is_active"`
	ParentID *int32  `json:"parent_id"`
}

type assignment struct {
	ID              int32      `json:"id"`
	ChoreID         int32      `json:"chore_id"`
	AssigneeID      int32      `json:"assignee_id"`
	IsCompleted     bool       `json:"is_completed"`
	IsApproved      bool       `json:"is_approved"`
	CompletionDate  *time.Time `json:"completion_date"`
	ApprovalDate    *time.Time `json:"approval_date"`
	ApprovalReward  *float64   `json:"approval_reward"`
	RejectionReason *string    `json:"rejection_reason"`
	CreatedAt       time.Time  `json:"created_at"`
	UpdatedAt       time.Time  `json:"updated_at"`
}

type chore struct {
	Title           string       `json:"title"`
	Description     string       `json:"description"`
	Reward          float64      `json:"reward"`
	MinReward       *float64     `json:"min_reward"`
	MaxReward       *float64     `json:"max_reward"`
	ApprovalReward  *float64     `json:"approval_reward"`
	RejectionReason *string      `json:"rejection_reason"`
	IsRangeReward   bool         `json:"is_range_reward"`
	CooldownDays    int32        `json:"cooldown_days"`
	IsRecurring     bool         `json:"is_recurring"`
	Frequency       *string      `json:"frequency"`
	IsDisabled      bool         `json:"is_disabled"`
	ID              int32        `json:"id"`
	AssignmentMode  string       `json:"assignment_mode"`
	CreatorID       int32        `json:"creator_id"`
	CreatedAt       time.Time    `json:"created_at"`
	UpdatedAt       time.Time    `json:"updated_at"`
	IsCompleted     *bool        `json:"is_completed"`
	IsApproved      *bool        `json:"is_approved"`
	CompletedAt     *time.Time   `json:"completed_at"`
	ApprovedAt      *time.Time   `json:"approved_at"`
	Assignments     []assignment `json:"assignments"`
}

// What a chore without assignments has in their place, by the outer join.
type outer struct {
	id, choreID, assigneeID *int32
	isCompleted, isApproved *bool
	createdAt, updatedAt    *time.Time
}

var errUnauthorized = errors.New("Invalid authentication credentials")

type server struct {
	db      *pgxpool.Pool
	secret  []byte
	parser  *jwt.Parser
	caller  string
	chores  string
	total   *prometheus.CounterVec
	active  *prometheus.GaugeVec
	seconds *prometheus.HistogramVec
}

func setting(name string) string {
	value := os.Getenv(name)
	if value == "" {
		log.Fatalf("%s is not set", name)
	}
	return value
}

func statement(name string) string {
	text, err := os.ReadFile(filepath.Join(setting("SQL"), name+".sql"))
	if err != nil {
		log.Fatal(err)
	}
	return string(text)
}

func (s *server) tokenUser(r *http.Request) (int64, error) {
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found {
		return 0, errUnauthorized
	}
	claims := jwt.RegisteredClaims{}
	_, err := s.parser.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return s.secret, nil })
	if err != nil {
		return 0, errUnauthorized
	}
	return strconv.ParseInt(claims.Subject, 10, 64)
}

func scanUser(row pgx.Row) (user, error) {
	var u user
	var family *int32
	var created time.Time
	err := row.Scan(&u.Username, &u.IsParent, &u.Email, &u.ID, &u.IsActive, &u.ParentID, &family, &created)
	if err != nil || !u.IsActive {
		return u, errUnauthorized
	}
	return u, nil
}

func (s *server) me(r *http.Request) (any, error) {
	id, err := s.tokenUser(r)
	if err != nil {
		return nil, err
	}
	return scanUser(s.db.QueryRow(r.Context(), s.caller, id))
}

// The caller and the list in one round trip.
func (s *server) list(r *http.Request) (any, error) {
	id, err := s.tokenUser(r)
	if err != nil {
		return nil, err
	}
	batch := &pgx.Batch{}
	batch.Queue(s.caller, id)
	batch.Queue(s.chores, id, nil, nil)
	results := s.db.SendBatch(r.Context(), batch)
	defer results.Close()
	if _, err := scanUser(results.QueryRow()); err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return scanChores(rows)
}

func scanChores(rows pgx.Rows) ([]chore, error) {
	list := []chore{}
	for rows.Next() {
		var c chore
		var a assignment
		var o outer
		err := rows.Scan(&c.Title, &c.Description, &c.Reward, &c.MinReward, &c.MaxReward, &c.IsRangeReward,
			&c.CooldownDays, &c.IsRecurring, &c.Frequency, &c.IsDisabled, &c.ID, &c.AssignmentMode, &c.CreatorID,
			&c.CreatedAt, &c.UpdatedAt, &o.id, &o.choreID, &o.assigneeID, &o.isCompleted, &o.isApproved,
			&a.CompletionDate, &a.ApprovalDate, &a.ApprovalReward, &a.RejectionReason, &o.createdAt, &o.updatedAt)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 || list[len(list)-1].ID != c.ID {
			c.Assignments = []assignment{}
			c.CreatedAt, c.UpdatedAt = c.CreatedAt.UTC(), c.UpdatedAt.UTC()
			list = append(list, c)
		}
		if o.id != nil {
			a.ID, a.ChoreID, a.AssigneeID = *o.id, *o.choreID, *o.assigneeID
			a.IsCompleted, a.IsApproved = *o.isCompleted, *o.isApproved
			a.CreatedAt, a.UpdatedAt = o.createdAt.UTC(), o.updatedAt.UTC()
			last := &list[len(list)-1]
			last.Assignments = append(last.Assignments, a)
		}
	}
	return list, rows.Err()
}

// handle counts and times one operation, and answers with its JSON.
func (s *server) handle(template string, operation func(*http.Request) (any, error)) http.HandlerFunc {
	active := s.active.WithLabelValues(template, http.MethodGet)
	seconds := s.seconds.WithLabelValues(template, http.MethodGet)
	return func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		active.Inc()
		defer active.Dec()
		value, err := operation(r)
		status := http.StatusOK
		switch {
		case errors.Is(err, errUnauthorized):
			status, value = http.StatusUnauthorized, map[string]string{"detail": err.Error()}
		case err != nil:
			status, value = http.StatusInternalServerError, map[string]string{"detail": "Internal Server Error"}
		}
		body, _ := json.Marshal(value)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		w.Write(body)
		seconds.Observe(time.Since(began).Seconds())
		s.total.WithLabelValues(template, http.MethodGet, strconv.Itoa(status)).Inc()
	}
}

func openPool() *pgxpool.Pool {
	config, err := pgxpool.ParseConfig(setting("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	connections, _ := strconv.Atoi(setting("POOL"))
	config.MaxConns = int32(connections)
	config.MinConns = config.MaxConns
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		log.Fatal(err)
	}
	return pool
}

func main() {
	s := &server{
		db:     openPool(),
		secret: []byte(setting("SECRET_KEY")),
		parser: jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired()),
		caller: statement("caller"),
		chores: statement("chores_list"),
		total: promauto.NewCounterVec(prometheus.CounterOpts{
			Name: "http_requests_total", Help: "Requests answered"}, []string{"handler", "method", "status"}),
		active: promauto.NewGaugeVec(prometheus.GaugeOpts{
			Name: "http_requests_inprogress", Help: "Requests being answered"}, []string{"handler", "method"}),
		seconds: promauto.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "Time to the answer",
			Buckets: []float64{0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1}}, []string{"handler", "method"}),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/users/me", s.handle("/api/v1/users/me", s.me))
	mux.HandleFunc("GET /api/v1/chores", s.handle("/api/v1/chores", s.list))
	mux.Handle("GET /metrics", promhttp.Handler())
	go func() { log.Fatal(http.ListenAndServe("127.0.0.1:"+setting("HTTP_PORT"), mux)) }()

	log.Fatal(http.ListenAndServeTLS("127.0.0.1:"+setting("PORT"), setting("TLS_CERT_FILE"), setting("TLS_KEY_FILE"), mux))
}
