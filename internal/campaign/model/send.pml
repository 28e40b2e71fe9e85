/*
 * Sending a campaign to two recipients with two workers that may crash at any
 * step, leases that may run out at any step, and a reaper for claims that were
 * left behind. The recipients' states are what the store holds; delivered is
 * what the mail system did. SCHEME chooses how a worker proceeds:
 *
 *   CHECKPOINT  moves past a recipient, then sends
 *   AFTERWARDS  sends, then marks
 *   CLAIM       claims with a fence, checks it, sends, marks; a claim that was
 *               left behind becomes unknown and is never sent again
 *   LOOKUP      as CLAIM, and unknown is looked up after a grace period that is
 *               longer than the longest send
 *   REQUEUE     as CLAIM, but a claim that was left behind is queued again
 *   HASTY       as LOOKUP without the grace period
 *
 * A property is checked by defining its name:
 *   duplicate: nobody is delivered to twice;
 *   silent:    nobody who is counted as sent went without, when all is quiet;
 *   reached:   fails when both can be sent once each: the world is not empty.
 */
#define CHECKPOINT 1
#define AFTERWARDS 2
#define CLAIM      3
#define LOOKUP     4
#define REQUEUE    5
#define HASTY      6

#define N 2

mtype = { queued, claimed, sent, unknown };

mtype state[N];
byte fence[N];
byte delivered[N];
byte handing[N]; /* workers between the last check and the answer */
byte next = 1;
byte crashes = 2;
byte idle;

inline choose(r) {
	if
	:: r = 0
	:: r = 1
	fi
}

inline deliver(r) { delivered[r]++ }

proctype worker() {
	byte r, mine;
again:
	choose(r);
#if SCHEME == CHECKPOINT
	atomic { state[r] == queued -> state[r] = sent; handing[r]++ }
	if
	:: atomic { crashes > 0 -> crashes--; handing[r]-- }; goto again
	:: atomic { deliver(r); handing[r]-- }
	fi;
#elif SCHEME == AFTERWARDS
	state[r] == queued;
	deliver(r);
	if
	:: atomic { crashes > 0 -> crashes-- }; goto again
	:: state[r] = sent
	fi;
#else
	atomic { state[r] == queued -> state[r] = claimed; fence[r] = next; mine = next; next++ }
	if
	:: atomic { crashes > 0 -> crashes-- }; goto again
	:: skip
	fi;
	atomic {
		if
		:: state[r] == claimed && fence[r] == mine -> handing[r]++
		:: else -> goto again
		fi
	}
	if
	:: atomic { crashes > 0 -> crashes--; handing[r]-- }; goto again
	:: deliver(r)
	fi;
	if
	:: atomic { crashes > 0 -> crashes--; handing[r]-- }; goto again
	:: atomic {
		handing[r]--;
		if
		:: state[r] == claimed && fence[r] == mine -> state[r] = sent
		:: else -> skip
		fi
	}
	fi;
#endif
	goto again
}

/* reaper takes up what was left behind; its clock owes the workers nothing. */
active proctype reaper() {
	byte r;
end:
	do
	:: choose(r);
#if SCHEME == CLAIM || SCHEME == LOOKUP || SCHEME == HASTY
		atomic {
			if
			:: state[r] == claimed -> state[r] = unknown; fence[r] = 0
			:: else -> skip
			fi
		}
#endif
#if SCHEME == REQUEUE
		atomic {
			if
			:: state[r] == claimed && next < 6 -> state[r] = queued
			:: else -> skip
			fi
		}
#endif
#if SCHEME == LOOKUP || SCHEME == HASTY
		atomic {
			if
#if SCHEME == LOOKUP
			:: state[r] == unknown && handing[r] == 0 && next < 6 ->
#else
			:: state[r] == unknown && next < 6 ->
#endif
				if
				:: delivered[r] > 0 -> state[r] = sent
				:: else -> state[r] = queued
				fi
			:: else -> skip
			fi
		}
#endif
	od
}

init {
	atomic {
		state[0] = queued; state[1] = queued;
		run worker(); run worker()
	}
}

#define over(r)  (state[r] == sent || state[r] == unknown)
#define quiet    (over(0) && over(1) && handing[0] == 0 && handing[1] == 0)

#ifdef duplicate
active proctype watch() { atomic { delivered[0] > 1 || delivered[1] > 1 -> assert(false) } }
#endif
#ifdef silent
active proctype watch() {
	atomic { quiet && (state[0] == sent && delivered[0] == 0 || state[1] == sent && delivered[1] == 0) -> assert(false) }
}
#endif
#ifdef reached
active proctype watch() { atomic { state[0] == sent && state[1] == sent && delivered[0] == 1 && delivered[1] == 1 -> assert(false) } }
#endif
