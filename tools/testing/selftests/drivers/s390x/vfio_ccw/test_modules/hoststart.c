// SPDX-License-Identifier: GPL-2.0-only
/*
 * What does a device do with a channel program of the host's own? A driver for
 * the compare test, and for nothing else: whoever may open its node can have
 * any memory read and written.
 *
 * A subchannel is given to it by driver_override.
 */
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include <asm/isc.h>

#include "chp.h"
#include "cio.h"
#include "css.h"
#include "ioasm.h"
#include "orb.h"

#include "hoststart.h"

#define PAGES		(HOSTSTART_SIZE >> PAGE_SHIFT)
#define PATIENCE	(8 * HZ)
#define IRBS		16	/* statuses that may wait */
#define IRB_BYTES	64

/**
 * struct host - a subchannel of ours
 * @sch: it
 * @misc: its node
 * @pfn: memory for programs and data
 * @low: it is below 16 MiB
 * @lost: the hardware may still use it
 * @irb: statuses, in the order of their coming; sch->lock
 * @in: how many came; sch->lock
 * @out: how many were taken; sch->lock
 * @wait: for another one
 * @name: of the node
 */
struct host {
	struct subchannel *sch;
	struct miscdevice misc;
	unsigned long pfn;
	bool low;
	bool lost;
	struct irb irb[IRBS];
	unsigned int in;
	unsigned int out;
	wait_queue_head_t wait;
	char name[32];
};

static struct host *to_host(struct file *file)
{
	return container_of(file->private_data, struct host, misc);
}

static int host_open(struct inode *inode, struct file *file)
{
	struct host *host = to_host(file);
	struct subchannel *sch = host->sch;

	guard(spinlock_irq)(&sch->lock);
	if (cio_update_schib(sch))
		return -ENODEV;
	memset(&sch->config, 0, sizeof(sch->config));
	sch->config.csense = 1;
	sch->isc = IO_SCH_ISC;
	host->in = 0;
	host->out = 0;
	return cio_enable_subchannel(sch, (u32)virt_to_phys(sch));
}

static void host_clear(struct host *host)
{
	guard(spinlock_irq)(&host->sch->lock);
	csch(host->sch->schid);
}

/* the memory may be freed afterwards */
static int host_release(struct inode *inode, struct file *file)
{
	struct host *host = to_host(file);
	int tries;

	for (tries = 0; tries < 100; tries++) {
		scoped_guard(spinlock_irq, &host->sch->lock)
			if (cio_disable_subchannel(host->sch) != -EBUSY)
				return 0;
		host_clear(host);
		msleep(20);
	}
	host->lost = true;
	return 0;
}

static ssize_t host_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct host *host = to_host(file);
	struct subchannel *sch = host->sch;
	union orb orb = {};

	if (count != 3 * sizeof(u32))
		return -EINVAL;
	if (copy_from_user(&orb, buf, count))
		return -EFAULT;
	orb.cmd.intparm = (u32)virt_to_phys(sch);
	guard(spinlock_irq)(&sch->lock);
	orb.cmd.lpm &= sch->schib.pmcw.pam;
	switch (ssch(sch->schid, &orb)) {
	case 0:
		return count;
	case 3:
		return -ENODEV;
	default:
		return -EBUSY;
	}
}

static bool host_take(struct host *host, struct irb *irb)
{
	guard(spinlock_irq)(&host->sch->lock);
	if (host->in == host->out)
		return false;
	*irb = host->irb[host->out++ % IRBS];
	return true;
}

static ssize_t host_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct host *host = to_host(file);
	struct irb irb;
	long left;

	static_assert(sizeof(irb) >= IRB_BYTES);
	if (count != IRB_BYTES)
		return -EINVAL;
	left = wait_event_interruptible_timeout(host->wait, host_take(host, &irb), PATIENCE);
	if (left <= 0)
		return left ?: -ETIMEDOUT;
	return copy_to_user(buf, &irb, IRB_BYTES) ? -EFAULT : IRB_BYTES;
}

static long host_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct host *host = to_host(file);

	switch (cmd) {
	case HOSTSTART_ADDRESS:
		return put_user((u32)PFN_PHYS(host->pfn), (u32 __user *)arg);
	case HOSTSTART_CLEAR:
		host_clear(host);
		return 0;
	default:
		return -ENOTTY;
	}
}

static int host_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff || vma->vm_end - vma->vm_start != HOSTSTART_SIZE)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, to_host(file)->pfn,
			       HOSTSTART_SIZE, vma->vm_page_prot);
}

static const struct file_operations host_fops = {
	.owner = THIS_MODULE,
	.open = host_open,
	.release = host_release,
	.read = host_read,
	.write = host_write,
	.unlocked_ioctl = host_ioctl,
	.mmap = host_mmap,
};

static void host_irq(struct subchannel *sch)
{
	struct host *host = dev_get_drvdata(&sch->dev);

	if (!host || host->in - host->out == IRBS)
		return;
	host->irb[host->in++ % IRBS] = *this_cpu_ptr(&cio_irb);
	wake_up(&host->wait);
}

/* A format-0 CCW reaches 16 MiB; there is no zone for that. */
#ifdef CONFIG_CONTIG_ALLOC
#ifdef ACR_FLAGS_NONE
#define HOW	ACR_FLAGS_NONE
#else
#define HOW	MIGRATE_MOVABLE
#endif

static bool host_low_pages(struct host *host)
{
	unsigned long pfn;

	for (pfn = PHYS_PFN(SZ_1M); pfn < PHYS_PFN(SZ_16M); pfn += PAGES)
		if (!alloc_contig_range(pfn, pfn + PAGES, HOW, GFP_KERNEL | __GFP_NOWARN)) {
			host->pfn = pfn;
			host->low = true;
			return true;
		}
	return false;
}

static void host_put_low_pages(struct host *host)
{
	free_contig_range(host->pfn, PAGES);
}
#else
static bool host_low_pages(struct host *host)
{
	return false;
}

static void host_put_low_pages(struct host *host)
{
}
#endif

static int host_get_pages(struct host *host)
{
	struct page *page;

	if (!host_low_pages(host)) {
		page = alloc_pages(GFP_DMA | GFP_KERNEL | __GFP_COMP, get_order(HOSTSTART_SIZE));
		if (!page)
			return -ENOMEM;
		host->pfn = page_to_pfn(page);
	}
	memset(phys_to_virt(PFN_PHYS(host->pfn)), 0, HOSTSTART_SIZE);
	return 0;
}

static void host_put_pages(struct host *host)
{
	if (host->lost)
		pr_err("%s: is never idle, 64 KiB are lost\n", host->name);
	else if (host->low)
		host_put_low_pages(host);
	else
		__free_pages(pfn_to_page(host->pfn), get_order(HOSTSTART_SIZE));
}

static int host_probe(struct subchannel *sch)
{
	struct host *host = kzalloc(sizeof(*host), GFP_KERNEL);
	int ret;

	if (!host)
		return -ENOMEM;
	host->sch = sch;
	init_waitqueue_head(&host->wait);
	ret = host_get_pages(host);
	if (ret)
		goto err_free;
	snprintf(host->name, sizeof(host->name), "hoststart-%s", dev_name(&sch->dev));
	host->misc.minor = MISC_DYNAMIC_MINOR;
	host->misc.name = host->name;
	host->misc.fops = &host_fops;
	host->misc.mode = 0600;
	dev_set_drvdata(&sch->dev, host);
	ret = misc_register(&host->misc);
	if (!ret)
		return 0;

	dev_set_drvdata(&sch->dev, NULL);
	host_put_pages(host);
err_free:
	kfree(host);
	return ret;
}

/* nobody may have it open: the test sees to that */
static void host_remove(struct subchannel *sch)
{
	struct host *host = dev_get_drvdata(&sch->dev);

	misc_deregister(&host->misc);
	scoped_guard(spinlock_irq, &sch->lock)
		dev_set_drvdata(&sch->dev, NULL);
	host_put_pages(host);
	kfree(host);
}

static struct css_device_id host_ids[] = {
	{ .match_flags = 0x1, .type = SUBCHANNEL_TYPE_IO },
	{ }
};

static struct css_driver host_driver = {
	.drv = {
		.name = "hoststart",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
	.subchannel_type = host_ids,
	.irq = host_irq,
	.probe = host_probe,
	.remove = host_remove,
};

static int __init host_init(void)
{
	int ret;

	isc_register(IO_SCH_ISC);
	ret = css_driver_register(&host_driver);
	if (ret)
		isc_unregister(IO_SCH_ISC);
	return ret;
}

static void __exit host_exit(void)
{
	css_driver_unregister(&host_driver);
	isc_unregister(IO_SCH_ISC);
}

module_init(host_init);
module_exit(host_exit);

MODULE_DESCRIPTION("The host's own START SUBCHANNEL, for tests");
MODULE_LICENSE("GPL");
