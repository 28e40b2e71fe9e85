package directory

import "container/list"

// Most is how many answers of each kind are kept.
const Most = 50_000

// latest keeps the answers to the questions that were asked last.
type latest[K comparable, V any] struct {
	at    map[K]*list.Element
	order list.List // of *answer, the latest first
	most  int
}

type answer[K comparable, V any] struct {
	question K
	is       V
}

func newLatest[K comparable, V any](most int) *latest[K, V] {
	return &latest[K, V]{at: map[K]*list.Element{}, most: most}
}

func (l *latest[K, V]) find(question K) (V, bool) {
	e := l.at[question]
	if e == nil {
		var none V
		return none, false
	}
	l.order.MoveToFront(e)
	return e.Value.(*answer[K, V]).is, true
}

func (l *latest[K, V]) keep(question K, is V) {
	if e := l.at[question]; e != nil {
		e.Value.(*answer[K, V]).is = is
		l.order.MoveToFront(e)
		return
	}
	l.at[question] = l.order.PushFront(&answer[K, V]{question, is})
	if len(l.at) > l.most {
		l.drop(l.order.Back().Value.(*answer[K, V]).question)
	}
}

func (l *latest[K, V]) drop(question K) {
	if e := l.at[question]; e != nil {
		l.order.Remove(e)
		delete(l.at, question)
	}
}

func (l *latest[K, V]) clear() {
	clear(l.at)
	l.order.Init()
}
