/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_CCW_COMPAT_LINUX_SPINLOCK_H
#define VFIO_CCW_COMPAT_LINUX_SPINLOCK_H

#include_next <linux/spinlock.h>

/*
 * Where a subchannel has a pointer to its lock, &sch->lock is a pointer to that
 * pointer. What takes a lock is made to take that, too.
 */
#ifdef NEED_SUBCHANNEL_LOCK

#define compat_lock(l)								\
	__builtin_choose_expr(__same_type((l), spinlock_t **),			\
			      *(spinlock_t **)(l), (spinlock_t *)(l))

#define spin_lock_irq(l) (spin_lock_irq)(compat_lock(l))
#define spin_unlock_irq(l) (spin_unlock_irq)(compat_lock(l))
#define class_spinlock_irq_constructor(l) class_spinlock_irq_constructor(compat_lock(l))
#define class_spinlock_irqsave_constructor(l) class_spinlock_irqsave_constructor(compat_lock(l))

#endif

#endif
