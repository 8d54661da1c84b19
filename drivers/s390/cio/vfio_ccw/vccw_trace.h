/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can be watched at the edges between the layers: an event in, a program
 * translated, an instruction with what came of it, status up; what comes of channel
 * paths, and of memory.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vfio_ccw

#if !defined(VFIO_CCW_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VFIO_CCW_TRACE_H

#include <linux/tracepoint.h>
#include "chp.h"
#include "vfio_ccw.h"

#define VCCW_TRACE_NAME(name)	TRACE_DEFINE_ENUM(VCCW_STATE_##name);
VCCW_FSM_STATES(VCCW_TRACE_NAME)
#undef VCCW_TRACE_NAME
#define VCCW_TRACE_NAME(name)	TRACE_DEFINE_ENUM(VCCW_EVENT_##name);
VCCW_FSM_EVENTS(VCCW_TRACE_NAME)
#undef VCCW_TRACE_NAME
#define VCCW_TRACE_NAME(name)	TRACE_DEFINE_ENUM(VFIO_CCW_IO_##name);
VFIO_CCW_IO_INSTRUCTIONS(VCCW_TRACE_NAME)
#undef VCCW_TRACE_NAME

#define VCCW_TRACE_STATE(value) __print_symbolic(value,		\
	{ VCCW_STATE_GONE, "GONE" },				\
	{ VCCW_STATE_CLOSED, "CLOSED" },			\
	{ VCCW_STATE_IDLE, "IDLE" },				\
	{ VCCW_STATE_BUSY, "BUSY" },				\
	{ VCCW_STATE_QUIESCING, "QUIESCING" },			\
	{ VCCW_STATE_FROZEN, "FROZEN" })

#define VCCW_TRACE_EVENT(value) __print_symbolic(value,		\
	{ VCCW_EVENT_OPEN, "OPEN" },				\
	{ VCCW_EVENT_START, "START" },				\
	{ VCCW_EVENT_HALT, "HALT" },				\
	{ VCCW_EVENT_CLEAR, "CLEAR" },				\
	{ VCCW_EVENT_RESUME, "RESUME" },			\
	{ VCCW_EVENT_INTERRUPT, "INTERRUPT" },			\
	{ VCCW_EVENT_KILL, "KILL" },				\
	{ VCCW_EVENT_QUIESCE, "QUIESCE" },			\
	{ VCCW_EVENT_RESTED, "RESTED" },			\
	{ VCCW_EVENT_CLOSE, "CLOSE" },				\
	{ VCCW_EVENT_FREEZE, "FREEZE" },			\
	{ VCCW_EVENT_LOST, "LOST" })

#define VCCW_TRACE_INSTRUCTION(value) __print_symbolic(value,	\
	{ VFIO_CCW_IO_SSCH, "SSCH" },				\
	{ VFIO_CCW_IO_HSCH, "HSCH" },				\
	{ VFIO_CCW_IO_CSCH, "CSCH" },				\
	{ VFIO_CCW_IO_RSCH, "RSCH" })

#define VCCW_TRACE_PATHS(value) __print_symbolic(value,		\
	{ CHP_ONLINE, "ONLINE" },				\
	{ CHP_OFFLINE, "OFFLINE" },				\
	{ CHP_VARY_ON, "VARY_ON" },				\
	{ CHP_VARY_OFF, "VARY_OFF" },				\
	{ CHP_FCES_EVENT, "FCES" })

#define VCCW_TRACE_SCH						\
	__field(u8, ssid)					\
	__field(u16, sch_no)

#define VCCW_TRACE_SET_SCH(sch)					\
	__entry->ssid = (sch)->schid.ssid;			\
	__entry->sch_no = (sch)->schid.sch_no

TRACE_EVENT(vfio_ccw_event,
	TP_PROTO(const struct vccw_device *dev, int event, int from, int ret),
	TP_ARGS(dev, event, from, ret),
	TP_STRUCT__entry(
		VCCW_TRACE_SCH
		__field(int, event)
		__field(int, from)
		__field(int, to)
		__field(int, ret)
	),
	TP_fast_assign(
		VCCW_TRACE_SET_SCH(dev->sch);
		__entry->event = event;
		__entry->from = from;
		__entry->to = dev->state;
		__entry->ret = ret;
	),
	TP_printk("0.%x.%04x %s: %s -> %s ret=%d", __entry->ssid, __entry->sch_no,
		  VCCW_TRACE_EVENT(__entry->event), VCCW_TRACE_STATE(__entry->from),
		  VCCW_TRACE_STATE(__entry->to), __entry->ret)
);

TRACE_EVENT(vfio_ccw_translated,
	TP_PROTO(const struct vccw_device *dev, int ret),
	TP_ARGS(dev, ret),
	TP_STRUCT__entry(
		VCCW_TRACE_SCH
		__field(u32, cpa)
		__field(u32, flags)
		__field(u32, ccws)
		__field(u32, idaws)
		__field(u32, misses)
		__field(u32, poisoned)
		__field(u64, bytes)
		__field(int, ret)
	),
	TP_fast_assign(
		VCCW_TRACE_SET_SCH(dev->sch);
		__entry->cpa = dev->orb.cpa;
		__entry->flags = dev->orb.flags;
		__entry->ccws = dev->cp.counts.ccws;
		__entry->idaws = dev->cp.counts.idaws;
		__entry->misses = dev->cp.counts.misses;
		__entry->poisoned = dev->cp.counts.poisoned;
		__entry->bytes = dev->cp.counts.bytes;
		__entry->ret = ret;
	),
	TP_printk("0.%x.%04x cpa=%08x flags=%08x ccws=%u idaws=%u misses=%u poisoned=%u bytes=%llu ret=%d",
		  __entry->ssid, __entry->sch_no, __entry->cpa, __entry->flags,
		  __entry->ccws, __entry->idaws, __entry->misses, __entry->poisoned,
		  __entry->bytes, __entry->ret)
);

/* the rest of a suspended program, translated anew */
TRACE_EVENT(vfio_ccw_resume,
	TP_PROTO(const struct vccw_device *dev, int ret),
	TP_ARGS(dev, ret),
	TP_STRUCT__entry(
		VCCW_TRACE_SCH
		__field(u32, cpa)
		__field(u32, ccws)
		__field(u32, idaws)
		__field(u32, poisoned)
		__field(int, ret)
	),
	TP_fast_assign(
		VCCW_TRACE_SET_SCH(dev->sch);
		__entry->cpa = dev->spare.orb.cpa;
		__entry->ccws = dev->spare.counts.ccws;
		__entry->idaws = dev->spare.counts.idaws;
		__entry->poisoned = dev->spare.counts.poisoned;
		__entry->ret = ret;
	),
	TP_printk("0.%x.%04x cpa=%08x ccws=%u idaws=%u poisoned=%u ret=%d",
		  __entry->ssid, __entry->sch_no, __entry->cpa, __entry->ccws,
		  __entry->idaws, __entry->poisoned, __entry->ret)
);

/*
 * An instruction and its condition code; @orb are the words of the ORB of SSCH, of
 * which it shows the paths and the host CPA, and %NULL for the others. A negative @cc
 * is of one that ended in a program interruption.
 */
TRACE_EVENT(vfio_ccw_instruction,
	TP_PROTO(const struct subchannel *sch, int instruction, const u32 *orb, int cc),
	TP_ARGS(sch, instruction, orb, cc),
	TP_STRUCT__entry(
		VCCW_TRACE_SCH
		__field(int, instruction)
		__field(int, cc)
		__field(u32, cpa)
		__field(u8, lpm)
	),
	TP_fast_assign(
		VCCW_TRACE_SET_SCH(sch);
		__entry->instruction = instruction;
		__entry->cc = cc;
		__entry->cpa = orb ? orb[2] : 0;
		__entry->lpm = orb ? (orb[1] & ORB1_LPM) >> ORB1_LPM_SHIFT : 0;
	),
	TP_printk("0.%x.%04x %s cc=%d lpm=%02x cpa=%08x", __entry->ssid, __entry->sch_no,
		  VCCW_TRACE_INSTRUCTION(__entry->instruction), __entry->cc, __entry->lpm,
		  __entry->cpa)
);

/* @irb as the hardware stored it and @dev's as the user gets it */
TRACE_EVENT(vfio_ccw_status,
	TP_PROTO(const struct vccw_device *dev, u32 host_cpa, bool final),
	TP_ARGS(dev, host_cpa, final),
	TP_STRUCT__entry(
		VCCW_TRACE_SCH
		__field(u32, host_cpa)
		__field(u32, word0)
		__field(u32, cpa)
		__field(u32, word2)
		__field(bool, final)
	),
	TP_fast_assign(
		VCCW_TRACE_SET_SCH(dev->sch);
		__entry->host_cpa = host_cpa;
		__entry->word0 = dev->irb[IRB_SCSW0];
		__entry->cpa = dev->irb[IRB_CPA];
		__entry->word2 = dev->irb[IRB_SCSW2];
		__entry->final = final;
	),
	TP_printk("0.%x.%04x scsw=%08x.%08x.%08x host_cpa=%08x%s",
		  __entry->ssid, __entry->sch_no, __entry->word0, __entry->cpa,
		  __entry->word2, __entry->host_cpa, __entry->final ? " final" : "")
);

TRACE_EVENT(vfio_ccw_quiesce,
	TP_PROTO(const struct vccw_device *dev, int tries, int ret),
	TP_ARGS(dev, tries, ret),
	TP_STRUCT__entry(
		VCCW_TRACE_SCH
		__field(int, tries)
		__field(int, ret)
	),
	TP_fast_assign(
		VCCW_TRACE_SET_SCH(dev->sch);
		__entry->tries = tries;
		__entry->ret = ret;
	),
	TP_printk("0.%x.%04x tries=%d ret=%d", __entry->ssid, __entry->sch_no,
		  __entry->tries, __entry->ret)
);

/* the states are those of VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE */
TRACE_EVENT(vfio_ccw_migrate,
	TP_PROTO(const struct vccw_device *dev, int to, int ret),
	TP_ARGS(dev, to, ret),
	TP_STRUCT__entry(
		VCCW_TRACE_SCH
		__field(int, from)
		__field(int, to)
		__field(int, ret)
	),
	TP_fast_assign(
		VCCW_TRACE_SET_SCH(dev->sch);
		__entry->from = dev->mig_state;
		__entry->to = to;
		__entry->ret = ret;
	),
	TP_printk("0.%x.%04x %d -> %d ret=%d", __entry->ssid, __entry->sch_no,
		  __entry->from, __entry->to, __entry->ret)
);

/* what the host says of channel paths, of which a user may get reports */
TRACE_EVENT(vfio_ccw_paths,
	TP_PROTO(const struct subchannel *sch, u8 mask, int event),
	TP_ARGS(sch, mask, event),
	TP_STRUCT__entry(
		VCCW_TRACE_SCH
		__field(u8, mask)
		__field(int, event)
	),
	TP_fast_assign(
		VCCW_TRACE_SET_SCH(sch);
		__entry->mask = mask;
		__entry->event = event;
	),
	TP_printk("0.%x.%04x %02x %s", __entry->ssid, __entry->sch_no, __entry->mask,
		  VCCW_TRACE_PATHS(__entry->event))
);

/* vfio unmaps guest memory; @done: in time */
TRACE_EVENT(vfio_ccw_unmap,
	TP_PROTO(const struct vccw_device *dev, u64 first, u64 last, bool done),
	TP_ARGS(dev, first, last, done),
	TP_STRUCT__entry(
		VCCW_TRACE_SCH
		__field(u64, first)
		__field(u64, last)
		__field(bool, done)
	),
	TP_fast_assign(
		VCCW_TRACE_SET_SCH(dev->sch);
		__entry->first = first;
		__entry->last = last;
		__entry->done = done;
	),
	TP_printk("0.%x.%04x %llx-%llx%s", __entry->ssid, __entry->sch_no, __entry->first,
		  __entry->last, __entry->done ? " done" : "")
);

/* pages go, or have gone, from an address space that is watched */
TRACE_EVENT(vfio_ccw_memory,
	TP_PROTO(unsigned long start, unsigned long end, bool counts),
	TP_ARGS(start, end, counts),
	TP_STRUCT__entry(
		__field(unsigned long, start)
		__field(unsigned long, end)
		__field(bool, counts)
	),
	TP_fast_assign(
		__entry->start = start;
		__entry->end = end;
		__entry->counts = counts;
	),
	TP_printk("%lx-%lx%s", __entry->start, __entry->end,
		  __entry->counts ? " counts" : "")
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE vccw_trace

#include <trace/define_trace.h>
