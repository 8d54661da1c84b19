// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio_ccw: I/O subchannels for virtual machines. Coming and going of the module.
 */
#include <linux/module.h>
#include <linux/workqueue.h>

#include "vfio_ccw.h"

#define DEBUG_PAGES	16
#define DEBUG_AREAS	1
#define DEBUG_BYTES	(8 * sizeof(long))
#define DEBUG_LEVEL	4

debug_info_t *vccw_debug;

/* unbound and not ordered: a device that waits holds up no other one */
struct workqueue_struct *vccw_wq;

/*
 * A lost device waits for its user for as long as that takes, and a queue works on some
 * hundred items at a time only: those that wait are not to hold up those that work.
 */
struct workqueue_struct *vccw_parent_wq;

static int __init vccw_debug_init(void)
{
	vccw_debug = debug_register("vfio_ccw", DEBUG_PAGES, DEBUG_AREAS, DEBUG_BYTES);
	if (!vccw_debug)
		return -ENOMEM;
	debug_register_view(vccw_debug, &debug_sprintf_view);
	debug_set_level(vccw_debug, DEBUG_LEVEL);
	return 0;
}

static int __init vccw_init(void)
{
	int ret;

	ret = vccw_debug_init();
	if (ret)
		return ret;
	vccw_wq = alloc_workqueue("vfio_ccw", WQ_UNBOUND, 0);
	if (!vccw_wq) {
		ret = -ENOMEM;
		goto err_debug;
	}
	vccw_parent_wq = alloc_workqueue("vfio_ccw_parent", WQ_UNBOUND, 0);
	if (!vccw_parent_wq) {
		ret = -ENOMEM;
		goto err_wq;
	}
	ret = mdev_register_driver(&vccw_mdev_driver);
	if (ret)
		goto err_parent_wq;
	ret = vccw_parent_register();
	if (ret)
		goto err_mdev;
	return 0;

err_mdev:
	mdev_unregister_driver(&vccw_mdev_driver);
err_parent_wq:
	destroy_workqueue(vccw_parent_wq);
err_wq:
	destroy_workqueue(vccw_wq);
err_debug:
	debug_unregister(vccw_debug);
	return ret;
}

static void __exit vccw_exit(void)
{
	vccw_parent_unregister();
	mdev_unregister_driver(&vccw_mdev_driver);
	vccw_iotlb_exit();
	destroy_workqueue(vccw_parent_wq);
	destroy_workqueue(vccw_wq);
	debug_unregister(vccw_debug);
}

module_init(vccw_init);
module_exit(vccw_exit);

MODULE_DESCRIPTION("I/O subchannels for virtual machines through VFIO");
MODULE_LICENSE("GPL");
