// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of a device, and the limits that are in force for it: read-only attributes
 * in its folders "statistics" and "limits".
 *
 * They are read without a lock that anybody holds who waits for a user; each is exact,
 * all together are no snapshot. A device that goes waits for whoever reads.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "vfio_ccw.h"

static ssize_t stats_emit(char *buf, u64 value)
{
	return sysfs_emit(buf, "%llu\n", value);
}

#define STATS_ATTR(name, expr)							\
static ssize_t name##_show(struct device *d, struct device_attribute *attr,	\
			   char *buf)						\
{										\
	const struct vccw_device *dev = dev_get_drvdata(d);			\
										\
	return stats_emit(buf, READ_ONCE(expr));				\
}										\
static DEVICE_ATTR_RO(name)

#define STATS_IOTLB_ATTR(name, field)						\
static ssize_t name##_show(struct device *d, struct device_attribute *attr,	\
			   char *buf)						\
{										\
	struct vccw_device *dev = dev_get_drvdata(d);				\
	struct vccw_iotlb_stats stats;						\
										\
	vccw_iotlb_get_stats(dev->iotlb, &stats);				\
	return stats_emit(buf, stats.field);					\
}										\
static DEVICE_ATTR_RO(name)

STATS_ATTR(starts, dev->stats.starts);
STATS_ATTR(halts, dev->stats.halts);
STATS_ATTR(clears, dev->stats.clears);
STATS_ATTR(resumes, dev->stats.resumes);
STATS_ATTR(followed, dev->stats.followed);
STATS_ATTR(unfollowed, dev->stats.unfollowed);
STATS_ATTR(interrupts, dev->stats.interrupts);
STATS_ATTR(unsolicited, dev->stats.unsolicited);
STATS_ATTR(merged, dev->status.merged);
STATS_ATTR(checks, dev->stats.checks);
STATS_ATTR(unit_checks, dev->stats.unit_checks);
STATS_ATTR(program_checks, dev->stats.program_checks);
STATS_ATTR(channel_checks, dev->stats.channel_checks);
STATS_ATTR(refused_busy, dev->stats.refused_busy);
STATS_ATTR(refused_path, dev->stats.refused_path);
STATS_ATTR(refused_orb, dev->stats.refused_orb);
STATS_ATTR(refused_resources, dev->stats.refused_resources);
STATS_ATTR(retranslated, dev->stats.retranslated);
STATS_ATTR(ccws, dev->stats.ccws);
STATS_ATTR(idaws, dev->stats.idaws);
STATS_ATTR(bytes, dev->stats.bytes);
STATS_ATTR(killed, dev->status.killed);
STATS_ATTR(resets, dev->stats.resets);
STATS_ATTR(quiesces, dev->stats.quiesces);
STATS_ATTR(quiesce_failures, dev->stats.quiesce_failures);
STATS_ATTR(saves, dev->stats.saves);
STATS_ATTR(restores, dev->stats.restores);
STATS_ATTR(reports_dropped, dev->crws.dropped);

STATS_IOTLB_ATTR(pages_pinned, pinned);
STATS_IOTLB_ATTR(pages_cached, cached);
STATS_IOTLB_ATTR(cache_hits, hits);
STATS_IOTLB_ATTR(cache_misses, misses);
STATS_IOTLB_ATTR(cache_evictions, evictions);
STATS_IOTLB_ATTR(cache_invalidations, invalidations);
STATS_IOTLB_ATTR(cache_generations, generations);
STATS_IOTLB_ATTR(memory_events, events);

/* all memory that belongs to the device alone, but for what is pinned */
static ssize_t memory_show(struct device *d, struct device_attribute *attr, char *buf)
{
	struct vccw_device *dev = dev_get_drvdata(d);
	struct vccw_iotlb_stats stats;
	size_t bytes;

	vccw_iotlb_get_stats(dev->iotlb, &stats);
	/* the two may change places */
	scoped_guard(spinlock_irq, &dev->sch->lock)
		bytes = cp_footprint(&dev->cp) + cp_footprint(&dev->spare);
	return stats_emit(buf, sizeof(*dev) + bytes + stats.bytes);
}
static DEVICE_ATTR_RO(memory);

static struct attribute *stats_attrs[] = {
	&dev_attr_starts.attr,
	&dev_attr_halts.attr,
	&dev_attr_clears.attr,
	&dev_attr_resumes.attr,
	&dev_attr_followed.attr,
	&dev_attr_unfollowed.attr,
	&dev_attr_interrupts.attr,
	&dev_attr_unsolicited.attr,
	&dev_attr_merged.attr,
	&dev_attr_checks.attr,
	&dev_attr_unit_checks.attr,
	&dev_attr_program_checks.attr,
	&dev_attr_channel_checks.attr,
	&dev_attr_refused_busy.attr,
	&dev_attr_refused_path.attr,
	&dev_attr_refused_orb.attr,
	&dev_attr_refused_resources.attr,
	&dev_attr_retranslated.attr,
	&dev_attr_ccws.attr,
	&dev_attr_idaws.attr,
	&dev_attr_bytes.attr,
	&dev_attr_killed.attr,
	&dev_attr_resets.attr,
	&dev_attr_quiesces.attr,
	&dev_attr_quiesce_failures.attr,
	&dev_attr_saves.attr,
	&dev_attr_restores.attr,
	&dev_attr_reports_dropped.attr,
	&dev_attr_pages_pinned.attr,
	&dev_attr_pages_cached.attr,
	&dev_attr_cache_hits.attr,
	&dev_attr_cache_misses.attr,
	&dev_attr_cache_evictions.attr,
	&dev_attr_cache_invalidations.attr,
	&dev_attr_cache_generations.attr,
	&dev_attr_memory_events.attr,
	&dev_attr_memory.attr,
	NULL
};

static const struct attribute_group stats_group = {
	.name = "statistics",
	.attrs = stats_attrs,
};

/* a counter may have the same name, so these have a prefix */
#define LIMITS_ATTR(file, expr)							\
static ssize_t limits_##file##_show(struct device *d, struct device_attribute *attr, \
				    char *buf)					\
{										\
	return stats_emit(buf, expr);						\
}										\
static struct device_attribute limits_attr_##file = {				\
	.attr = { .name = #file, .mode = 0444 },				\
	.show = limits_##file##_show,						\
}

static const struct vccw_iotlb_limits *limits_of(struct device *d)
{
	const struct vccw_device *dev = dev_get_drvdata(d);

	return vccw_iotlb_limits(dev->iotlb);
}

LIMITS_ATTR(cache_pages, READ_ONCE(limits_of(d)->pages));
LIMITS_ATTR(cache_idle_ms, READ_ONCE(limits_of(d)->idle_ms));
LIMITS_ATTR(cache_uses, READ_ONCE(limits_of(d)->uses));
LIMITS_ATTR(ccws, CP_MAX_SLOTS);
LIMITS_ATTR(idaws, CP_MAX_IDAWS);
LIMITS_ATTR(reports, VCCW_CRW_MAX);

static struct attribute *limits_attrs[] = {
	&limits_attr_cache_pages.attr,
	&limits_attr_cache_idle_ms.attr,
	&limits_attr_cache_uses.attr,
	&limits_attr_ccws.attr,
	&limits_attr_idaws.attr,
	&limits_attr_reports.attr,
	NULL
};

static const struct attribute_group limits_group = {
	.name = "limits",
	.attrs = limits_attrs,
};

const struct attribute_group *vccw_stats_groups[] = {
	&stats_group,
	&limits_group,
	NULL
};
