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
 * With RESTORE the store goes back once to a backup, which knows nothing of what
 * went out since; all workers of that time are gone. What the backup calls queued
 *
 *   RESTORED    becomes unknown, and is looked up as LOOKUP does
 *   BELIEVED    is believed
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
#define RESTORED   7
#define BELIEVED   8

#if SCHEME == RESTORED || SCHEME == BELIEVED
#define RESTORE
#define CRASHES 0 /* the restore ends all */
#define MOST 3 /* claims after which nobody is queued again */
#else
#define CRASHES 2
#define MOST 6
#endif

#define N 2

mtype = { queued, claimed, sent, unknown };

mtype state[N];
byte fence[N];
byte delivered[N];
byte handing[N]; /* workers between the last check and the answer */
byte next = 1;
byte crashes = CRASHES;
#ifdef RESTORE
mtype saved[N];
bool backed;      /* there is a backup */
byte restores = 1;
byte life;        /* of the house: workers of an earlier one are gone */
#endif

inline choose(r) {
	if
	:: r = 0
	:: r = 1
	fi
}

inline deliver(r) { delivered[r]++ }

proctype worker() {
	byte r, mine;
#ifdef RESTORE
	byte born = life;
again:
	born = life; /* one that was gone is another one now */
#else
again:
#endif
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
#ifdef RESTORE
		:: state[r] == claimed && fence[r] == mine && born == life -> handing[r]++
#else
		:: state[r] == claimed && fence[r] == mine -> handing[r]++
#endif
		:: else -> goto again
		fi
	}
	if
	:: atomic { crashes > 0 -> crashes--; handing[r]-- }; goto again
#ifdef RESTORE
	:: atomic { born != life -> handing[r]-- }; goto again
	:: atomic { born == life -> deliver(r) }
#else
	:: deliver(r)
#endif
	fi;
	if
	:: atomic { crashes > 0 -> crashes--; handing[r]-- }; goto again
	:: atomic {
		handing[r]--;
		if
#ifdef RESTORE
		:: state[r] == claimed && fence[r] == mine && born == life -> state[r] = sent
#else
		:: state[r] == claimed && fence[r] == mine -> state[r] = sent
#endif
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
#if SCHEME == CLAIM || SCHEME == LOOKUP || SCHEME == HASTY || defined(RESTORE)
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
			:: state[r] == claimed && next < MOST -> state[r] = queued
			:: else -> skip
			fi
		}
#endif
#if SCHEME == LOOKUP || SCHEME == HASTY || defined(RESTORE)
		atomic {
			if
#if SCHEME != HASTY
			:: state[r] == unknown && handing[r] == 0 && next < MOST ->
#else
			:: state[r] == unknown && next < MOST ->
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

#ifdef RESTORE
/* past backs the store up, and later brings the backup into another house. */
active proctype past() {
	atomic { saved[0] = state[0]; saved[1] = state[1]; backed = true }
	atomic {
		backed && restores > 0 -> restores--; life++;
		state[0] = saved[0]; state[1] = saved[1];
		fence[0] = 0; fence[1] = 0;
#if SCHEME == RESTORED
		if :: state[0] == queued -> state[0] = unknown :: else -> skip fi;
		if :: state[1] == queued -> state[1] = unknown :: else -> skip fi
#endif
	}
}
#endif

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
