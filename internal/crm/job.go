package crm

// JobState says how a piece of long work stands.
type JobState string

const (
	JobWaiting   JobState = "waiting" // for a person's word
	JobRunning   JobState = "running"
	JobDone      JobState = "done"
	JobFailed    JobState = "failed" // Msg says why; it can be resumed
	JobCancelled JobState = "cancelled"
)

// Job is long work in resumable chunks, or the position of a consumer of the
// feed of changes and arrivals. What a chunk does and how far the job has come
// are written in the same transaction.
type Job struct {
	ID        string           `cbor:"-" json:"id"`
	Kind      string           `cbor:"kind" json:"kind"`
	State     JobState         `cbor:"state" json:"state" enum:"waiting,running,done,failed,cancelled"`
	Title     string           `cbor:"title,omitempty" json:"title,omitempty"` // what is being done, for people
	By        UserID           `cbor:"by,omitempty" json:"by,omitempty"`       // empty for the operator
	Batch     string           `cbor:"batch,omitempty" json:"batch,omitempty"` // of its changes, to undo them
	Position  string           `cbor:"position,omitempty" json:"-"`            // opaque to all but the kind
	Spec      []byte           `cbor:"spec,omitempty" json:"-"`                // what is to be done, in the kind's own JSON
	Blobs     []string         `cbor:"blobs,omitempty" json:"-"`               // content addresses of what it reads
	Done      int64            `cbor:"done,omitempty" json:"done"`
	Total     int64            `cbor:"total,omitempty" json:"total"`
	Counts    map[string]int64 `cbor:"counts,omitempty" json:"counts,omitempty"` // by outcome
	Msg       string           `cbor:"msg,omitempty" json:"msg,omitempty"`       // why it failed
	Hint      string           `cbor:"hint,omitempty" json:"hint,omitempty"`
	CreatedAt Time             `cbor:"created_at,omitempty" json:"created_at,omitempty"`
	At        Time             `cbor:"at,omitempty" json:"at,omitempty"`       // of the last chunk
	BegunAt   Time             `cbor:"begun_at,omitempty" json:"-"`            // of the present run, for its speed
	BegunDone int64            `cbor:"begun_done,omitempty" json:"-"`          // Done at that time
	Owner     string           `cbor:"owner,omitempty" json:"-"`               // the process that works on it
	Until     Time             `cbor:"until,omitempty" json:"-"`               // when another one may take it over
	Stage     string           `cbor:"stage,omitempty" json:"stage,omitempty"` // of work in several stages
}

// JobPart is what a job keeps of one of its chunks: decisions on rows, and what
// is wrong with some. Its id follows from the job and the number of the chunk.
type JobPart struct {
	ID   string `cbor:"-" json:"id"`
	Job  string `cbor:"job" json:"job"`
	Data []byte `cbor:"data" json:"-"` // in the kind's own encoding
}
