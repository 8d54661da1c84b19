/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_CCW_IOTLB_H
#define VFIO_CCW_IOTLB_H

#include <linux/types.h>
#include "cp/cp.h"

struct vccw_iotlb;
struct vfio_device;

/**
 * struct vccw_iotlb_stats - counters of one iotlb, since it was created
 * @hits: pages found ready
 * @misses: pages that had to be pinned
 * @evictions: pages let go to make room, or since locked memory ran out
 * @invalidations: pages let go since they may no longer be the guest's
 * @events: how often something took pages away from the owner's address space,
 *	since the device was opened
 * @generations: how often of these it was where pages are kept from
 * @cached: pages held from program to program
 * @pinned: all pages pinned now, cached ones included
 * @bytes: memory of the table itself
 */
struct vccw_iotlb_stats {
	u64 hits;
	u64 misses;
	u64 evictions;
	u64 invalidations;
	u64 events;
	u64 generations;
	u32 cached;
	u32 pinned;
	size_t bytes;
};

/**
 * struct vccw_iotlb_limits - what holds for an iotlb since its device was opened last
 * @pages: pages that may be held from program to program; 0: nothing is cached
 * @idle_ms: milliseconds after which a page goes that no program used
 * @uses: the use of a page, 1 or 2, from which on it is held
 */
struct vccw_iotlb_limits {
	u32 pages;
	u32 idle_ms;
	u32 uses;
};

/**
 * vccw_iotlb_create() - the pin cache of a device
 * @vdev: the device
 *
 * Context: may sleep.
 * Return: the cache, %NULL without memory.
 */
struct vccw_iotlb *vccw_iotlb_create(struct vfio_device *vdev);

/**
 * vccw_iotlb_destroy() - undo vccw_iotlb_create()
 * @tlb: the cache, closed
 */
void vccw_iotlb_destroy(struct vccw_iotlb *tlb);

/**
 * vccw_iotlb_open() - watch the address space of the task that opens the device
 * @tlb: the cache
 *
 * Cannot fail: without a watch nothing is cached, and all else works. There is one
 * with the cache switched off, too, for the sake of pages that are pinned for one
 * program only.
 * Context: open_device; may sleep, takes the mmap lock of current.
 */
void vccw_iotlb_open(struct vccw_iotlb *tlb);

/**
 * vccw_iotlb_close() - let everything go
 * @tlb: the cache; no program of its device is in flight
 *
 * Context: close_device; may sleep.
 */
void vccw_iotlb_close(struct vccw_iotlb *tlb);

/**
 * vccw_iotlb_begin() - a program is about to be translated
 * @tlb: the cache
 *
 * Pages that may no longer be what the guest sees are let go, here and in all
 * devices of the same address space. A program that was there before has to be
 * suspended, or over: its pages are not in use any more. Until vccw_iotlb_end()
 * the pages that this program uses stay.
 *
 * Context: may sleep; the caller serialises it with all but vccw_iotlb_end().
 * To be followed by vccw_iotlb_ready().
 */
void vccw_iotlb_begin(struct vccw_iotlb *tlb);

/**
 * vccw_iotlb_ready() - the translation is over
 * @tlb: the cache
 *
 * Return: whether the address space stood still since vccw_iotlb_begin(). If
 * not, a page may have gone while the program was translated; translating it
 * again is cheap then, and right however often it is done.
 */
bool vccw_iotlb_ready(struct vccw_iotlb *tlb);

/**
 * vccw_iotlb_end() - hardware is done with the program, or never got it
 * @tlb: the cache
 *
 * Context: any, also interrupts.
 * Return: whether vccw_iotlb_reap() has something to do.
 */
bool vccw_iotlb_end(struct vccw_iotlb *tlb);

/**
 * vccw_iotlb_reap() - let go what was pinned for one program only
 * @tlb: the cache
 *
 * Nothing happens while a program is in flight. The next vccw_iotlb_begin()
 * does it, too. Context: may sleep; serialised like vccw_iotlb_begin().
 */
void vccw_iotlb_reap(struct vccw_iotlb *tlb);

/**
 * vccw_iotlb_in_use() - does the program in flight use pages of a range?
 * @tlb: the cache
 * @first: first byte of the range
 * @last: its last byte
 *
 * Context: may sleep; serialised like vccw_iotlb_begin().
 *
 * Return: whether it does.
 */
bool vccw_iotlb_in_use(struct vccw_iotlb *tlb, u64 first, u64 last);

/**
 * vccw_iotlb_give_way() - an unmap waits for this device, or none does any more
 * @tlb: the cache
 * @give_way: which
 *
 * While one waits, translations of this device, and of all that watch the same address
 * space, fail with -EBUSY when they come to a page that is not cached. So whoever waits
 * for their locks waits for what they ask of vfio at that moment, and no longer.
 *
 * Context: any but interrupts.
 */
void vccw_iotlb_give_way(struct vccw_iotlb *tlb, bool give_way);

/**
 * vccw_iotlb_gives_way() - does an unmap wait?
 * @tlb: the cache
 *
 * Context: serialised with vccw_iotlb_open() and vccw_iotlb_close().
 * Return: whether one does, for this device or another one of its address space.
 */
bool vccw_iotlb_gives_way(const struct vccw_iotlb *tlb);

/**
 * vccw_iotlb_unmap() - a range is about to disappear
 * @tlb: the cache; if vccw_iotlb_in_use() said so, the program has ended since
 * @first: first byte of the range
 * @last: its last byte
 *
 * Nothing of the range is pinned afterwards. Context: may sleep; serialised
 * like vccw_iotlb_begin().
 */
void vccw_iotlb_unmap(struct vccw_iotlb *tlb, u64 first, u64 last);

/**
 * vccw_iotlb_get_stats() - read the counters
 * @tlb: the cache
 * @stats: where to; not a snapshot of one instant
 *
 * Waits for nobody. Context: any but interrupts.
 */
void vccw_iotlb_get_stats(struct vccw_iotlb *tlb, struct vccw_iotlb_stats *stats);

/**
 * vccw_iotlb_limits() - what holds for an iotlb
 * @tlb: the cache
 *
 * Context: any; they change when the device is opened.
 * Return: the limits, as long as @tlb is there; all are zero before the first open.
 */
const struct vccw_iotlb_limits *vccw_iotlb_limits(const struct vccw_iotlb *tlb);

/* the translator's memory; its first argument is the struct vccw_iotlb */
extern const struct ccw_mem_ops vccw_iotlb_mem_ops;

/* module exit: after it no code of this file runs any more */
void vccw_iotlb_exit(void);

#endif
