package api

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/job"
)

func (s *Server) jobRoutes() {
	const all, one = "/api/v1/jobs", "/api/v1/jobs/{id}"
	add(s, get(all, "list-jobs", "Long work of the caller, newest first", "jobs"), s.listJobs)
	add(s, get(one, "get-job", "How far long work has come, with speed and time left", "jobs"), s.getJob)
	add(s, post(one+"/cancel", "cancel-job", "Stop long work; what it did stays, and it can be resumed", "jobs"), s.cancelJob)
	add(s, post(one+"/resume", "resume-job", "Go on with work that failed or was cancelled, from where it stands", "jobs"), s.resumeJob)
}

// JobRef is the id of a job in an address.
type JobRef struct {
	ID string `path:"id" maxLength:"100"`
}

// id reads the id; anything else names no job.
func (in JobRef) id() (string, error) {
	id, err := crm.ParseID[string](crm.PrefixJob, in.ID)
	if err != nil {
		return "", crm.Errorf(crm.NotFound, "api.jobID", "there is no job %q", crm.Clip(in.ID, 60)).WithField("id").
			WithHint("list them with: threadline job list")
	}
	return id, nil
}

// jobQuery asks for a part of the jobs.
type jobQuery struct {
	PageQuery
	Kind string `query:"kind" maxLength:"40" doc:"Of one kind, such as import; without: all. A page may be short: only without next is it the last"`
}

func (s *Server) listJobs(ctx context.Context, in *jobQuery) (*body[items[job.Progress]], error) {
	list, next, err := s.deps.Jobs.List(ctx, viewerOf(ctx), in.Kind, in.Limit, in.Cursor)
	out := listed(list)
	out.Body.Next = next
	return out, err
}

func (s *Server) getJob(ctx context.Context, in *JobRef) (*body[job.Progress], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	p, err := s.deps.Jobs.Get(ctx, viewerOf(ctx), id)
	return answer(p), err
}

func (s *Server) cancelJob(ctx context.Context, in *JobRef) (*body[job.Progress], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	p, err := s.deps.Jobs.Cancel(ctx, viewerOf(ctx), id)
	return answer(p), err
}

func (s *Server) resumeJob(ctx context.Context, in *JobRef) (*body[job.Progress], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	p, err := s.deps.Jobs.Resume(ctx, viewerOf(ctx), id)
	return answer(p), err
}
