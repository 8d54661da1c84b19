/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a device, for Spin: everything that can happen to it, at the same
 * time, over hardware that answers as it likes. The table of states and events
 * is the driver's own, drivers/s390/cio/vfio_ccw/fsm_table.h; what is written
 * by hand here are its actions and what surrounds them, each under the name it
 * has in fsm.c, program.c, quiesce.c, request.c, status.c, paths.c and parent.c.
 *
 * An atomic section stands for sch->lock, the variable io_lock for the mutex.
 * Variables marked hidden are scratch of one atomic section.
 *
 * What is proved
 *	- memory of a program is given back exactly once, and never while the
 *	  hardware may use it (assertions in release())
 *	- nothing that the hardware uses is overwritten (in translate())
 *	- what the user was promised comes as exactly one final status that the
 *	  user is told of and reads, or the user has closed or reset the device
 *	  (assertions in promise() and reader(), claim kept)
 *	- nothing is started, and no memory in use, while the device is stopped to be
 *	  migrated (assertions in user() and ssch())
 *	- nothing is started on a device that was lost before it is offered anew, though
 *	  the subchannel may lead to one again (assertion in ssch())
 *	- open, close, reset, dma_unmap, unbind and shutdown end (no invalid end
 *	  state, no cycle at all: each process does a bounded number of things)
 *	- cio's work queue never waits for a user (assertion in cio())
 *	- a device that was lost and is there again can be opened (assertion in at_last())
 *
 * Configurations, see run
 *	STARTS, HALTS, CLEARS, RESUMES, RESETS, UNMAPS, MIGRATES, KILLS, ROUNDS
 *			how many of each
 *	INTERS, ALERTS	how often the hardware shows intermediate and unsolicited
 *			status
 *	PAUSES		programs change themselves: hardware is suspended where
 *			nobody asked for it
 *	FAULTY		a start may fail in translation, or be ended by a check
 *			without hardware
 *	LOSS		the device may go away, and come back
 *	UNBIND		the driver is unbound
 *	SHUTDOWN	the host is shut down
 *	CLEAR_ENDS	an accepted CLEAR SUBCHANNEL ends the use of memory, as the
 *			start function "is terminated at the subchannel" by it
 *			(SA22-7832, Chapter 14). Without it the hardware uses
 *			memory until it shows status that ends the program.
 *	SILENT		the hardware may stop to answer; with CLEAR_ENDS. Without
 *			it the hardware answers some time.
 *	WEIRD		with SILENT: halt functions do not end programs
 *	NO_REST, NO_SIGNAL, NO_PATIENCE, NO_WAITING, NO_RETURN
 *			faults, one for each kind of thing that is proved: each has to be
 *			found
 */
#include "fsm_table.h"

#ifdef SILENT
#define silent	true
#define CLEAR_ENDS
#else
#define silent	false
#endif

#define PATIENCE	3	/* QUIESCE_PATIENCE, with as much less as there is of TRIES */

#ifdef CLEAR_ENDS
#define clear_ends	true
#else
#define clear_ends	false
#endif

/* --- the driver's table ------------------------------------------------------ */

#define STATE(name)	S_##name,
#define EVENT(name)	E_##name,
mtype = { VCCW_FSM_STATES(STATE) VCCW_FSM_EVENTS(EVENT)
	  A_none, A_stay, A_busy, A_off, A_gone, A_enable, A_disable, A_start, A_halt,
	  A_clear, A_resume, A_status, A_settle, A_kill, A_rested, A_lose };

#define CELL(from, event, act, to) \
	:: e == E_##event && state == S_##from -> action = A_##act; next = S_##to

/* what functions of the driver return */
#define OK	0
#define STAY	1
#define EBUSY	2
#define ENODEV	3	/* -EACCES, too */
#define EIO	4

/* --- the hardware -------------------------------------------------------------- */

/* functions, as in function control */
#define FS	1
#define FH	2
#define FC	4

/* activity of the start function */
#define IDLE	0
#define PENDING	1	/* start pending */
#define ACTIVE	2
#define DEVACT	3	/* only the device is active */
#define SUSP	4	/* suspended */

/* status */
#define INTER	1	/* intermediate */
#define PRIMARY	2	/* without secondary */
#define FINAL	3
#define ALERT	4	/* unsolicited */
#define DCC	5	/* deferred condition code */

bool hw_there = true;
bool hw_ena;
bool hw_uses;		/* a program's memory */
bool hw_dead;		/* never answers again */
bool hw_hp;		/* halt pending */
bool hw_cp;		/* clear pending */
byte hw_fctl;
byte hw_actl;
byte hw_status;
bool hw_pause;		/* suspended at a CCW of ours */
bool lost;		/* the parent's: what there is may be another device, */
bool work;		/* and parent_work() is queued */
bool removing;		/* ours is leaving, so it is not any more */
byte hw_inters = INTERS;
byte hw_alerts = ALERTS;

inline hw_reset() {
	hw_fctl = 0; hw_actl = IDLE; hw_hp = false; hw_cp = false; hw_status = 0; hw_uses = false
}

/* TEST SUBCHANNEL */
inline tsch() {
	printf("status %d of functions %d is taken\n", hw_status, hw_fctl);
	irb = hw_status; irb_fctl = hw_fctl; irb_susp = (hw_actl == SUSP);
	if
	:: hw_status == FINAL || hw_status == DCC ->
		hw_fctl = 0; hw_actl = IDLE; hw_hp = false; hw_cp = false
	:: hw_status == PRIMARY -> hw_fctl = 0
	:: else
	fi;
	hw_status = 0
}

inline ssch() {
	if
	:: hw_there && hw_ena && !hw_fctl && hw_actl == IDLE && !hw_status ->
		assert(state != S_FROZEN);
		assert(!lost);
		hw_fctl = FS; hw_actl = PENDING; hw_uses = true; ret = OK;
		printf("START SUBCHANNEL\n")
	:: ret = EBUSY
	:: ret = ENODEV
	fi
}

inline hsch() {
	if
	:: hw_there && hw_ena && hw_status <= INTER && !(hw_fctl & (FH | FC)) ->
		hw_fctl = hw_fctl | FH; hw_hp = true; ret = OK;
		printf("HALT SUBCHANNEL\n")
	:: hw_there && hw_ena -> ret = EBUSY
	:: !hw_there || !hw_ena -> ret = ENODEV
	fi
}

inline csch() {
	if
	:: hw_there && hw_ena ->
		hw_fctl = FC; hw_cp = true; hw_hp = false; hw_actl = IDLE; hw_status = 0;
		hw_uses = hw_uses && !clear_ends; ret = OK;
		printf("CLEAR SUBCHANNEL\n")
	:: else -> ret = ENODEV
	fi
}

inline rsch() {
	if
	:: hw_there && hw_ena && hw_actl == SUSP && hw_fctl == FS && !hw_status ->
		/* it fetches the CCW at which it is: there is one, and it is right */
		assert(hw_uses && held);
		hw_actl = ACTIVE; ret = OK;
		printf("RESUME SUBCHANNEL\n")
	:: hw_there && hw_ena && (hw_actl != SUSP || hw_fctl != FS || hw_status) -> ret = EBUSY
	:: !hw_there || !hw_ena -> ret = ENODEV
	fi
}

/* cio_commit_config(): enable or disable */
inline msch(ena) {
	if
	:: hw_there && hw_status -> tsch()
	:: else
	fi;
	if
	:: !hw_there -> ret = ENODEV
	:: hw_there && !hw_fctl -> hw_ena = ena; hw_actl = IDLE; ret = OK
	:: hw_there -> ret = EBUSY
	fi
}

/* io.c: io_rest(), and cio_cancel_halt_clear() with fewer retries */
inline rest(retries) {
	if
	:: !hw_there -> ret = ENODEV
	:: hw_there && !hw_ena -> ret = OK
	:: hw_there && hw_ena && hw_status -> ret = EBUSY
	:: hw_there && hw_ena && !hw_status && !hw_fctl && hw_actl == IDLE -> ret = OK
	:: else ->
		ret = EIO;	/* here: go on with the next stage */
		if
		:: !hw_hp && !hw_cp ->
			if
			:: (hw_actl == PENDING || hw_actl == SUSP) && !(hw_fctl & FC) ->
				hw_reset(); ret = OK;
				printf("CANCEL SUBCHANNEL\n")
			:: retries = 1
			fi
		:: else
		fi;
		if
		:: ret == EIO && !hw_cp ->
			if
			:: retries > 0 ->
				retries--;
				hsch();
				if
				:: ret == OK -> ret = EBUSY
				:: ret == EBUSY -> ret = EIO; retries = 2
				:: else
				fi
			:: else -> retries = 2
			fi
		:: else
		fi;
		if
		:: ret == EIO && retries > 0 ->
			retries--;
			csch();
			if
			:: ret == OK -> ret = EBUSY
			:: else
			fi
		:: else
		fi
	fi
}

active proctype hardware() {
end:	do
	:: atomic { !hw_dead && hw_actl == PENDING && !hw_hp -> hw_actl = ACTIVE; printf("hardware: active\n") }
	:: atomic { !hw_dead && hw_actl == ACTIVE && !hw_status && hw_inters ->
		hw_inters--; hw_status = INTER }
	:: atomic { !hw_dead && hw_actl == ACTIVE && !hw_status && hw_inters ->
		hw_inters--; hw_status = INTER; hw_actl = SUSP; hw_pause = false }
#ifdef PAUSES
	:: atomic { !hw_dead && hw_actl == ACTIVE && !hw_status && hw_inters ->
		hw_inters--; hw_status = INTER; hw_actl = SUSP; hw_pause = true }
#endif
	:: atomic { !hw_dead && hw_actl == ACTIVE && !hw_hp && hw_status <= INTER ->
		printf("hardware: primary\n"); hw_status = PRIMARY; hw_actl = DEVACT; hw_uses = false }
	:: atomic { !hw_dead && (hw_actl != IDLE) && !hw_hp && hw_status <= PRIMARY ->
		hw_status = FINAL; hw_actl = IDLE; hw_uses = false }
	:: atomic { !hw_dead && hw_actl == PENDING && !hw_hp && !hw_status ->
		hw_status = DCC; hw_actl = IDLE; hw_uses = false }
#ifdef WEIRD
	:: atomic { !hw_dead && hw_hp && !hw_status && hw_inters && hw_actl != IDLE ->
		printf("hardware: halted, and goes on\n"); hw_inters--; hw_hp = false; hw_fctl = hw_fctl & FS; hw_status = INTER }
#endif
	:: atomic { !hw_dead && hw_hp && hw_status <= PRIMARY ->
		hw_status = FINAL; hw_hp = false; hw_actl = IDLE; hw_uses = false }
	:: atomic { !hw_dead && hw_cp ->
		hw_status = FINAL; hw_cp = false; hw_uses = false }
	:: atomic { !hw_dead && hw_there && hw_ena && hw_alerts && !hw_status &&
		    (hw_actl == IDLE || hw_actl == PENDING) && !hw_hp && !hw_cp ->
		hw_alerts--; hw_status = ALERT }
#ifdef SILENT
	:: atomic { !hw_dead && hw_fctl -> hw_dead = true; printf("hardware: silence\n") }
#endif
	od
}

/* --- the device ------------------------------------------------------------------ */

mtype state = S_CLOSED;
bool io_lock;
bool opened;		/* the user may ask for something */
bool program;
bool held;		/* cp/ and iotlb.c hold memory for a program */
bool spare;		/* the second translator makes or has the rest of a suspended one */
bool paused;		/* it is suspended at a CCW of ours, */
bool ended;		/* or has ended, and what is left of it is to be started */
bool follow_work;	/* and somebody is to do something about that */
bool went_on;
bool suspended;		/* the user has been told that it is, or could have been */
bool rest_done;		/* the completion of quiesce.c */
bool signalled;		/* the I/O interrupt's eventfd */
bool requested;		/* the request interrupt's */
bool stopped;		/* the user has stopped the device to migrate it */
byte control;		/* functions that the user asked for and that have not ended */
bool pending;		/* status is, */
bool pending_inter;	/* of which all is intermediate, */
bool pending_final;	/* or of which some ends a function */

bool wants_close;	/* the user will close the device */
bool registered = true;	/* with the mdev core: there is a mediated device */
bool leaving;		/* about to be unregistered: nobody opens it any more */

bool promised;		/* the user waits for a final status */

hidden byte ret;
hidden byte irb;
hidden byte irb_fctl;
hidden byte irb_susp;
hidden byte final;
hidden byte kill_retries;

/* program.c: vccw_program_release() */
inline release() {
	printf("memory is given back\n");
	assert(held);
	assert(!hw_uses);
	held = false
}

/* fsm.c: fsm_program_end() */
inline program_end() {
	if
	:: program -> program = false; paused = false; ended = false; release()
	:: else
	fi
}

inline promise(already) {
	assert(!promised || already);
	promised = true
}

/* status.c */
inline publish(fin, inter) {
	assert(!(pending && pending_final && fin));
	pending_inter = (!pending || pending_inter) && inter;
	pending_final = (pending && pending_final) || fin;
	pending = true
}

inline forget() {
	pending = false; pending_final = false; pending_inter = false
}

inline abort(said) {
	said = (control != 0);
	control = 0;
	if
	:: said -> publish(true, false)
	:: else
	fi
}

inline status_add() {
	final = (irb == FINAL || irb == DCC);
	/* left_active() */
	suspended = (irb == ALERT && suspended) || (irb == INTER && irb_susp);
	if
	:: !final -> publish(false, irb == INTER)
	:: final && (irb_fctl & (FH | FC) & ~control) -> abort(said)
	:: else -> control = 0; publish(true, false)
	fi
}

hidden byte said;

/* fsm.c: the actions */
inline fsm_start() {
	if
	:: pending || control -> ret = EBUSY
	:: else ->
		if
#ifdef FAULTY
		:: promise(false); publish(true, false); signalled = true; ret = STAY
#endif
		:: ssch();
			if
			:: ret == OK -> promise(false); control = FS; program = true; suspended = false
			:: else
			fi
		fi
	fi
}

inline fsm_halt() {
	if
	:: pending && !pending_inter -> ret = EBUSY
	:: else ->
		hsch();
		if
		:: ret == OK -> promise(true); control = control | FH; ret = STAY
		:: else
		fi
	fi
}

inline fsm_clear() {
	csch();
	if
	:: ret == OK -> promise(true); control = FC; forget(); ret = STAY
	:: else
	fi
}

inline fsm_resume() {
	if
	:: control != FS || (!paused && (pending || !suspended)) -> ret = EBUSY
	:: else ->
		assert(spare);
		if
		:: ended -> assert(program && held); ssch()
		:: !ended -> rsch()
		fi;
		if
		:: ret == OK -> spare = false; suspended = false; paused = false; ended = false
		:: else
		fi
	fi
}

inline fsm_status() {
	if
	:: program && irb == INTER && irb_susp && hw_pause ->
		paused = true; follow_work = true; ret = STAY
#ifdef PAUSES
	/* the device wants what led to the pause, or the guest has appended; once is enough here */
	:: program && irb == FINAL && irb_fctl == FS && control == FS && state == S_BUSY &&
	   !went_on ->
		went_on = true; ended = true; paused = true; follow_work = true; ret = STAY
	:: !(program && irb == INTER && irb_susp && hw_pause) ->
#else
	:: else ->
#endif
		status_add();
		if
		:: pending && state != S_FROZEN -> signalled = true
		:: else
		fi;
		if
		:: final -> program_end(); ret = OK
		:: else -> ret = STAY
		fi
	fi
}

inline fsm_abort() {
	program_end();
	abort(said);
#ifndef NO_SIGNAL
	if
	:: said -> signalled = true
	:: else
	fi
#endif
}

inline fsm_kill() {
	kill_retries = 2;
#ifdef NO_REST
	ret = OK;
#else
	rest(kill_retries);
#endif
	if
	:: ret == OK -> fsm_abort()
	:: else -> ret = STAY
	fi
}

/* whatever the hardware does */
inline fsm_take_back() {
	msch(false);
	if
	:: ret == EBUSY -> csch(); msch(false)
	:: else
	fi;
	program_end()
}

inline fsm_lose() {
	fsm_take_back();
	abort(said);
	if
	:: said -> signalled = true
	:: else
	fi;
	requested = true;
	rest_done = true;
	ret = OK
}

/*
 * vccw_fsm_event(): a process only to have its text once. Being called and
 * answering are rendezvous from one atomic section to the other, so that all
 * is one with the caller's section.
 */
chan call = [0] of { mtype };
chan answer = [0] of { byte };

inline fsm_event(event) {
	call ! event;
	answer ? ret
}

active proctype fsm() {
	mtype e, action, next;

end:	do
	:: atomic {
		call ? e;
		if
		VCCW_FSM_TABLE(CELL)
		fi;
		if
		:: action == A_none -> ret = OK
		:: action == A_stay -> ret = STAY
		:: action == A_busy -> ret = EBUSY
		:: action == A_off -> ret = EIO
		:: action == A_gone -> ret = ENODEV
		:: action == A_enable -> msch(true)
		:: action == A_disable -> fsm_take_back(); ret = OK
		:: action == A_start -> fsm_start()
		:: action == A_halt -> fsm_halt()
		:: action == A_clear -> fsm_clear()
		:: action == A_resume -> fsm_resume()
		:: action == A_status -> fsm_status()
		:: action == A_settle -> fsm_status(); rest_done = true; ret = STAY
		:: action == A_kill -> fsm_kill()
		:: action == A_rested -> fsm_abort(); ret = OK
		:: action == A_lose -> fsm_lose()
		fi;
		if
		:: ret == OK -> state = next
		:: else
		fi;
		printf("%e: %d, state %e\n", e, ret, state);
		e = 0; action = 0; next = 0;
		answer ! ret
	   }
	od
}

/* --- who holds io_lock ------------------------------------------------------------ */

#define START	0
#define HALT	1
#define CLEAR	2
#define RESET	3
#define UNMAP	4
#define STOP	5	/* close, shutdown */
#define RESUME	6
#define MIGRATE	7

/* quiesce.c: what follows when quiesce() returns q */
inline quiesced(op) {
	if
	:: q == ENODEV -> fsm_event(E_LOST)
	:: else
	fi;
	if
	:: op == UNMAP && q == OK -> fsm_event(E_RESTED)
	:: else ->
		if
		:: op == UNMAP ->
			abort(said);
			signalled = signalled || said
		:: else
		fi;
		fsm_event(E_CLOSE);
		if
		:: op == STOP || op == RESET ->
			forget(); control = 0; promised = false; stopped = false
		:: else
		fi;
		if
		:: op == RESET -> signalled = false
		:: else
		fi;
		if
		:: op == RESET || (op == UNMAP && state == S_CLOSED) ->
			fsm_event(E_OPEN);
			if
			:: op == UNMAP && ret != OK ->
				/* vccw_parent_lost() */
				lost = true; fsm_event(E_LOST); work = !removing
			:: else
			fi
		:: else
		fi
	fi
}

inline quiesce(op) {
	atomic {
		retries = 2; tries = 0; q = OK;
		printf("operation %d\n", op);
		fsm_event(E_QUIESCE);
		more = (ret == OK);
		rest_done = more
	};
	do
	:: atomic {
		/* half a second; interrupts that are pending come meanwhile */
		!more || rest_done || ((silent || !hw_fctl) && !hw_status);
		if
		:: more && state == S_QUIESCING ->
			rest_done = false;
			rest(retries);
			q = ret;
			tries++;
			if
			:: q == EBUSY && tries > PATIENCE -> csch()
			:: else
			fi;
#ifdef NO_PATIENCE
			tries = 0; retries = 2;
#endif
			more = (q == EBUSY && tries < TRIES)
		:: else -> more = false
		fi;
		if
		:: !more -> quiesced(op); q = 0; retries = 0; tries = 0; break
		:: else
		fi
	   }
	od
}

/* request_go_on(): a translation, while anything may come, and then the instruction */
inline go_on() {
	atomic { assert(!spare); spare = true };
	atomic {
		if
		:: fsm_event(E_RESUME); q = ret
#ifdef FAULTY
		:: q = EIO
#endif
		fi;
		spare = false;
		/* what was pinned meanwhile goes with the program, or now */
		assert(program || !held)
	}
}

#define to_follow	(state == S_BUSY && paused && control == FS)

#ifdef PAUSES
/* request.c: request_follow(); it tries again some time later, when status has come */
active proctype follow() {
	byte retries, tries, q;
	byte again = 2;	/* FOLLOW_TRIES */
	bool more;

end:	do
	:: atomic { follow_work && !io_lock && !hw_status && !hw_hp && !hw_cp ->
		    follow_work = false; io_lock = true };
		if
		:: to_follow ->
			go_on();
			if
			:: q == EBUSY && to_follow && again -> again--; follow_work = true
			:: to_follow && (q != EBUSY || !again) -> quiesce(UNMAP)
			:: !to_follow
			fi
		:: !to_follow
		fi;
		q = 0;
		io_lock = false
	od
}
#endif

proctype user(byte op; byte times) {
	byte retries, tries, q;
	bool more;

end:	do
	:: atomic { times && (opened || (op == UNMAP && registered)) && !io_lock -> io_lock = true; times-- };
		if
		:: op == START ->
			atomic {
				if
				:: state == S_IDLE -> q = OK
				:: else -> fsm_event(E_START); assert(ret > STAY); q = ret
				fi
			};
			if
			:: q == OK ->
				/* request_translate() */
				atomic { assert(!held); assert(!hw_uses); held = true };
				if
				:: atomic { fsm_event(E_START); q = ret }
#ifdef FAULTY
				:: q = EIO
#endif
				fi;
				if
				:: q != OK -> atomic { release() }
				:: else
				fi
			:: else
			fi
		:: op == HALT -> atomic { fsm_event(E_HALT) }
		:: op == CLEAR -> atomic { fsm_event(E_CLEAR) }
		:: op == RESUME ->
			/* request_resume_refusal() */
			atomic {
				if
				:: state == S_BUSY && !pending && suspended && control == FS ->
					q = OK
				:: state == S_BUSY && (pending || !suspended || control != FS) ->
					q = EBUSY
				:: state != S_BUSY -> fsm_event(E_RESUME); assert(ret > STAY); q = ret
				fi
			};
			if
			:: q == OK -> go_on()
			:: else
			fi
		:: op == RESET -> quiesce(op)
		:: op == UNMAP ->
			if
			:: held -> quiesce(op)
			:: else
			fi;
			assert(!held)
		:: op == MIGRATE ->
			/* migrate_stop(), when the program has ended, or takes too long */
			atomic {
				if
				:: control == FS && suspended && !paused -> q = EBUSY
				:: else -> q = OK
				fi
			};
			if
			:: q == OK ->
				quiesce(UNMAP);
				atomic {
					fsm_event(E_FREEZE);
					stopped = (ret == OK);
					assert(!stopped || (!held && !hw_uses && !control))
				}
			:: else
			fi;
			/* the user copies what there is, or does something else */
			io_lock = false;
			atomic { !io_lock -> io_lock = true };
			/* migrate_run(), unless it was closed or reset */
			atomic {
				if
				:: stopped ->
					assert(state == S_FROZEN || state == S_GONE);
					fsm_event(E_OPEN);
					assert(ret == OK || state == S_GONE);
					signalled = signalled || (pending && ret == OK);
					stopped = false
				:: else
				fi;
				q = 0
			}
		fi;
		io_lock = false
	:: !times -> break
	od
}

/* the user's other hand: takes status when told to */
active proctype reader() {
end:	do
	:: atomic { signalled && opened -> signalled = false };
		atomic {
			if
			:: pending && pending_final ->
				assert(promised);
				promised = false
			:: else
			fi;
			forget()
		}
	od
}


active proctype life() {
	byte rounds = ROUNDS;
	byte retries, tries, q;
	bool more;

end:	do
	:: atomic { rounds && registered && !leaving && !io_lock -> rounds--; requested = false; wants_close = false;
		    fsm_event(E_OPEN); opened = (ret == OK) };
		if
		:: opened ->
end_open:		atomic { (wants_close || requested) && !io_lock ->
				 opened = false; io_lock = true };
			quiesce(STOP);
			atomic {
				assert(state == S_CLOSED || state == S_GONE);
				/* iotlb_close() */
				assert(!held);
				signalled = false;
				follow_work = false;
				io_lock = false
			}
		:: else
		fi
	:: !rounds -> break
	od
}

active proctype whim() {
	byte n = ROUNDS;

	do
	:: n -> n--; wants_close = true
	:: break
	od
}

/* --- what comes from below ---------------------------------------------------------- */

active proctype interrupt() {
end:	do
	:: atomic { hw_there && hw_ena && hw_status -> tsch(); fsm_event(E_INTERRUPT) }
	od
}

#if KILLS
active proctype path() {
	byte n = KILLS;

	do
	/* vccw_paths_event(), when a path that is needed goes */
	:: n && hw_there -> atomic { n--;
		if
		:: hw_actl != IDLE || hw_hp || hw_cp -> fsm_event(E_KILL)
		:: else
		fi }
	:: break
	od
}
#endif

/* --- the parent: loss, return, unbind, shutdown -------------------------------------- */

bool bound = true;	/* to our css_driver */
bool report;		/* a channel report that cio has not looked at */
bool hw_other;		/* the device is not the one it was */
bool unregistering;
bool working;		/* parent_work() runs */
bool todo;		/* cio is to unregister the subchannel */

/* mdev_unregister_parent(): asks the user, and waits for him */
inline mdev_unregister() {
	atomic { requested = true; leaving = true };
	atomic { !opened && !io_lock -> registered = false; leaving = false }
}

#ifdef LOSS
active proctype departure() {
	if
	:: atomic { printf("device leaves\n"); hw_there = false; hw_ena = false; hw_reset(); report = true };
		if
		:: atomic { printf("device returns\n"); hw_there = true; hw_dead = false; report = true }
		:: atomic { printf("another device comes\n"); hw_there = true; hw_dead = false; hw_other = true; report = true }
		:: skip
		fi
	:: skip
	fi
}

/* when nothing happens any more, what is offered can be opened */
active proctype at_last() {
end:	timeout -> assert(!registered || state != S_GONE)
}

active proctype cio() {
end:	do
	:: atomic { report -> report = false;
		/* parent_sch_event() */
		if
		:: bound && !unregistering && !removing ->
			if
#ifdef NO_RETURN
			:: !hw_there || hw_other ->
#else
			:: !hw_there || hw_other ||
			   (registered && (state == S_GONE || (!hw_ena && state != S_CLOSED))) ->
#endif
				lost = true;
				if
				:: registered -> fsm_event(E_LOST)
				:: else
				fi
			:: else
			fi;
#ifdef NO_WAITING
			todo = todo || (lost && !hw_there);
#endif
			work = work || lost
		:: else
		fi }
	:: atomic { todo -> todo = false;
		/* parent_remove(): here nothing may have to be waited for */
		if
		:: bound -> removing = true; work = false;
			assert(!registered);
			bound = false
		:: else
		fi }
	od
}

active proctype parent_work() {
	bool back;

end:	do
	:: atomic { work -> work = false; working = true };
		if
		:: lost && registered -> mdev_unregister()
		:: else
		fi;
		/* parent_returns() */
		atomic {
			back = false;
			if
			:: !lost || removing || unregistering
			:: else ->
				if
				:: !hw_there -> unregistering = true; todo = true
				:: hw_there -> hw_other = false; lost = false; back = true
				fi
			fi
		};
		atomic {
			if
			:: back -> registered = true; state = S_CLOSED
			:: else
			fi;
			working = false
		}
	od
}
#endif

#ifdef UNBIND
active proctype unbind() {
	if
	:: atomic { bound && !removing -> removing = true; work = false };
		!working;
		if
		:: registered -> mdev_unregister()
		:: else
		fi;
		bound = false
	:: skip
	fi
}
#endif

#ifdef SHUTDOWN
active proctype shutdown() {
	byte retries, tries, q;
	bool more;

	if
	:: atomic { !io_lock -> io_lock = true };
		quiesce(STOP);
		atomic { fsm_event(E_LOST) };
		io_lock = false
	/* for two seconds somebody translated, or brought it to rest */
	:: atomic { io_lock && (state == S_QUIESCING || !program) -> fsm_event(E_LOST) }
	:: skip
	fi
}
#endif

init {
	atomic {
#if STARTS
		run user(START, STARTS);
#endif
#if HALTS
		run user(HALT, HALTS);
#endif
#if CLEARS
		run user(CLEAR, CLEARS);
#endif
#if RESUMES
		run user(RESUME, RESUMES);
#endif
#if RESETS
		run user(RESET, RESETS);
#endif
#if MIGRATES
		run user(MIGRATE, MIGRATES);
#endif
#if UNMAPS
		run user(UNMAP, UNMAPS);
#endif
	}
}

#ifndef SILENT
ltl kept { [] (promised -> <> !promised) }
#endif
