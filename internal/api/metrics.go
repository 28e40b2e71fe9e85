package api

import (
	"context"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/engine"
)

// metrics counts what the door of a workspace does. Mailboxes go by their ids: an
// address is nobody's business here.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	registry *prometheus.Registry
}

func newMetrics(s *Server) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "threadline_requests_total",
			Help: "Requests by method, route and status."}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "threadline_request_seconds",
			Help: "Time to answer, by route.", Buckets: []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10, 30}}, []string{"route"}),
	}
	m.registry = prometheus.NewRegistry()
	prometheus.WrapRegistererWith(prometheus.Labels{"workspace": string(s.deps.Space.Workspace())}, m.registry).
		MustRegister(m.requests, m.seconds, syncGauges{s})
	if s.cfg.Beside == nil { // what the process has once
		m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), gateGauges{s})
	}
	return m
}

func (m *metrics) observe(c *gin.Context, took time.Duration) {
	route := c.FullPath()
	if route == "" {
		route = "other" // any address: one row
	}
	m.requests.WithLabelValues(methodOf(c), route, strconv.Itoa(c.Writer.Status())).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// methodOf is the method of a request; other when it is none of HTTP's own, because
// every word that somebody makes up would be a row for ever.
func methodOf(c *gin.Context) string {
	switch m := c.Request.Method; m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// measures serves the metrics of all workspaces to this machine, and to others with
// a key those of its own.
func (s *Server) measures(c *gin.Context) {
	doors := []*Server{s}
	if !nearby(c.Request) {
		if _, err := s.whoIs(c.Request); err != nil {
			s.refuse(c, err)
			return
		}
	} else if s.town != nil {
		var err error
		if doors, err = s.town.Doors(c.Request.Context()); err != nil {
			s.refuse(c, err)
			return
		}
	}
	var from prometheus.Gatherers
	for _, d := range doors {
		from = append(from, d.metrics.registry)
	}
	promhttp.HandlerFor(from, promhttp.HandlerOpts{}).ServeHTTP(c.Writer, c.Request)
}

// nearby tells whether a request comes from this machine, and not through a
// proxy on it.
func nearby(r *http.Request) bool {
	if r.Context().Value(socketKey) != nil {
		return true
	}
	for _, h := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	a, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && a.Addr().Unmap().IsLoopback()
}

// syncGauges reads the equation of every mailbox when it is asked for.
type syncGauges struct{ s *Server }

const scrapeTime = 5 * time.Second

var (
	copiesGauge  = prometheus.NewDesc("threadline_mailbox_copies", "Copies of a mailbox by what became of them; server is what the listing showed.", []string{"mailbox", "state"}, nil)
	stateGauge   = prometheus.NewDesc("threadline_mailbox_state", "1 for the state that a mailbox is in.", []string{"mailbox", "state"}, nil)
	okGauge      = prometheus.NewDesc("threadline_mailbox_last_ok_seconds", "Unix time of the last successful look at the server.", []string{"mailbox"}, nil)
	gateGauge    = prometheus.NewDesc("threadline_gate", "Requests that run and wait, by class.", []string{"class", "state"}, nil)
	refusedCount = prometheus.NewDesc("threadline_gate_refused_total", "Requests that were sent away because of the crowd.", []string{"class"}, nil)
	sizeGauge    = prometheus.NewDesc("threadline_store_bytes", "Size of the store's files.", nil, nil)
)

// Describe implements prometheus.Collector.
func (g syncGauges) Describe(ch chan<- *prometheus.Desc) {
	ch <- copiesGauge
	ch <- stateGauge
	ch <- okGauge
}

// gateGauges reads what all workspaces share.
type gateGauges struct{ s *Server }

// Describe implements prometheus.Collector.
func (gateGauges) Describe(ch chan<- *prometheus.Desc) {
	ch <- sizeGauge
	ch <- gateGauge
	ch <- refusedCount
}

// Collect implements prometheus.Collector.
func (g gateGauges) Collect(ch chan<- prometheus.Metric) {
	for c := range classes {
		running, waiting, refused := g.s.gate.count(c)
		ch <- prometheus.MustNewConstMetric(gateGauge, prometheus.GaugeValue, float64(running), c.String(), "running")
		ch <- prometheus.MustNewConstMetric(gateGauge, prometheus.GaugeValue, float64(waiting), c.String(), "waiting")
		ch <- prometheus.MustNewConstMetric(refusedCount, prometheus.CounterValue, float64(refused), c.String())
	}
	if g.s.deps.Size != nil {
		ch <- prometheus.MustNewConstMetric(sizeGauge, prometheus.GaugeValue, float64(g.s.deps.Size()))
	}
}

// Collect implements prometheus.Collector.
func (g syncGauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
	defer cancel()
	docs, err := store.Mailboxes.All(ctx, g.s.deps.Space, store.Query{})
	if err != nil {
		ch <- prometheus.NewInvalidMetric(copiesGauge, err)
		return
	}
	for i := range docs {
		if docs[i].Value.State == crm.StateDeleted {
			continue
		}
		st, err := engine.StatusOf(ctx, g.s.deps.Space, &docs[i].Value)
		if err != nil {
			ch <- prometheus.NewInvalidMetric(copiesGauge, err)
			return
		}
		collectMailbox(ch, &st)
	}
}

func collectMailbox(ch chan<- prometheus.Metric, st *engine.Status) {
	n := map[string]int64{"server": st.Total, "stored": 0, "skipped": 0, "queued": 0, "retrying": 0, "dead": 0}
	for _, b := range st.Boxes {
		n["stored"] += b.Stored
		n["queued"] += b.Queued
		n["retrying"] += b.Retrying
		n["skipped"] += sum(b.Skipped)
		n["dead"] += sum(b.Dead)
	}
	for state, v := range n {
		ch <- prometheus.MustNewConstMetric(copiesGauge, prometheus.GaugeValue, float64(v), string(st.ID), state)
	}
	ch <- prometheus.MustNewConstMetric(stateGauge, prometheus.GaugeValue, 1, string(st.ID), string(st.State))
	ch <- prometheus.MustNewConstMetric(okGauge, prometheus.GaugeValue, seconds(st.LastOK), string(st.ID))
}

func sum[K comparable](m map[K]int64) int64 {
	var n int64
	for _, v := range m {
		n += v
	}
	return n
}

func seconds(t crm.Time) float64 { return float64(t) / 1e6 }
