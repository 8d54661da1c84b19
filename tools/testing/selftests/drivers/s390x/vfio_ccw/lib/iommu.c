// SPDX-License-Identifier: GPL-2.0-only
/* Guest memory: type1 containers and iommufd address spaces. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/iommufd.h>
#include <linux/userfaultfd.h>
#include <linux/vfio.h>

#include "libccw.h"

static int ioas_alloc(struct ccw_iommu *iommu)
{
	struct iommu_ioas_alloc alloc = { .size = sizeof(alloc) };

	if (ioctl(iommu->fd, IOMMU_IOAS_ALLOC, &alloc))
		return -errno;
	iommu->ioas = alloc.out_ioas_id;
	return 0;
}

int _ccw_iommu_open(struct ccw_iommu *iommu, enum ccw_iommu_mode mode)
{
	const char *node = mode == IOMMU_TYPE1 ? "/dev/vfio/vfio" : "/dev/iommu";

	*iommu = (struct ccw_iommu){ .mode = mode };
	iommu->fd = open(node, O_RDWR | O_CLOEXEC);
	if (iommu->fd < 0)
		return -errno;
	return mode == IOMMU_IOMMUFD ? ioas_alloc(iommu) : 0;
}

void ccw_iommu_close(struct ccw_iommu *iommu)
{
	if (iommu->fd >= 0)
		close(iommu->fd);
	iommu->fd = -1;
}

int _ccw_dma_map(struct ccw_iommu *iommu, void *hva, u64 iova, size_t size,
		 bool writable)
{
	struct vfio_iommu_type1_dma_map type1 = {
		.argsz = sizeof(type1),
		.flags = VFIO_DMA_MAP_FLAG_READ |
			 (writable ? VFIO_DMA_MAP_FLAG_WRITE : 0),
		.vaddr = (uintptr_t)hva,
		.iova = iova,
		.size = size,
	};
	struct iommu_ioas_map ioas = {
		.size = sizeof(ioas),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | IOMMU_IOAS_MAP_READABLE |
			 (writable ? IOMMU_IOAS_MAP_WRITEABLE : 0),
		.ioas_id = iommu->ioas,
		.user_va = (uintptr_t)hva,
		.iova = iova,
		.length = size,
	};
	int rc = iommu->mode == IOMMU_IOMMUFD ?
		 ioctl(iommu->fd, IOMMU_IOAS_MAP, &ioas) :
		 ioctl(iommu->fd, VFIO_IOMMU_MAP_DMA, &type1);

	return rc ? -errno : 0;
}

ssize_t _ccw_dma_unmap(struct ccw_iommu *iommu, u64 iova, size_t size)
{
	struct vfio_iommu_type1_dma_unmap type1 = {
		.argsz = sizeof(type1),
		.iova = iova,
		.size = size,
	};
	struct iommu_ioas_unmap ioas = {
		.size = sizeof(ioas),
		.ioas_id = iommu->ioas,
		.iova = iova,
		.length = size,
	};

	if (iommu->mode != IOMMU_IOMMUFD) {
		if (ioctl(iommu->fd, VFIO_IOMMU_UNMAP_DMA, &type1))
			return -errno;
		return type1.size;
	}
	if (ioctl(iommu->fd, IOMMU_IOAS_UNMAP, &ioas))
		return -errno;
	return ioas.length;
}

int _ccw_mem_create(struct ccw_mem *mem, struct ccw_iommu *iommu, u64 iova,
		    size_t size, int flags)
{
	bool anon = flags & MEM_PRIVATE;
	int rc;

	*mem = (struct ccw_mem){
		.iommu = iommu, .memfd = -1, .iova = iova, .size = size,
	};
	if (!anon) {
		mem->memfd = memfd_create("guest", MFD_CLOEXEC);
		if (mem->memfd < 0 || ftruncate(mem->memfd, size))
			return -errno;
	}
	mem->hva = mmap(NULL, size, PROT_READ | PROT_WRITE,
			anon ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED,
			mem->memfd, 0);
	if (mem->hva == MAP_FAILED)
		return -errno;
	rc = _ccw_dma_map(iommu, mem->hva, iova, size, !(flags & MEM_RO));
	if (rc)
		ccw_mem_destroy(mem);
	return rc;
}

int ccw_withhold(void **pages, size_t size)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = syscall(__NR_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return fd;
	*pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	reg.range.start = (unsigned long)*pages;
	reg.range.len = size;
	if (*pages == MAP_FAILED || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &reg)) {
		close(fd);
		return -1;
	}
	return fd;
}

unsigned long ccw_awaited(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct uffd_msg msg;

	if (poll(&p, 1, ms) != 1 || read(fd, &msg, sizeof(msg)) != sizeof(msg))
		return 0;
	return msg.arg.pagefault.address;
}

void ccw_mem_destroy(struct ccw_mem *mem)
{
	if (!mem->hva)
		return;
	_ccw_dma_unmap(mem->iommu, mem->iova, mem->size);
	munmap(mem->hva, mem->size);
	if (mem->memfd >= 0)
		close(mem->memfd);
	mem->hva = NULL;
}
