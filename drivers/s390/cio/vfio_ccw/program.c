// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a program that is over leaves behind, on the hardware or before it got there.
 */
#include <linux/jiffies.h>

#include "vfio_ccw.h"

/* how long pages may stay that are of no use any more; the next start is often sooner */
#define REAP_DELAY	(HZ / 20)

static void program_reap(struct work_struct *work)
{
	struct vccw_device *dev = container_of(to_delayed_work(work), struct vccw_device, reap);

	guard(mutex)(&dev->io_lock);
	vccw_iotlb_reap(dev->iotlb);
}

void vccw_program_init(struct vccw_device *dev)
{
	INIT_DELAYED_WORK(&dev->reap, program_reap);
}

void vccw_program_release(struct vccw_device *dev)
{
	cp_forget(&dev->cp);
	if (vccw_iotlb_end(dev->iotlb))
		queue_delayed_work(vccw_wq, &dev->reap, REAP_DELAY);
}
