/* dms-failing-vfs.c — an SQLite file system whose disk is full from some write on
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/data/trace/dms-failing-vfs.h"

#include <sqlite3.h>
#include <string.h>

typedef struct
{
  sqlite3_file base;
  sqlite3_file *real; /* lies right behind */
} File;

/* Of the one file system that a test program has. */
static struct
{
  sqlite3_vfs vfs;
  sqlite3_vfs *real;
  int writes_left; /* negative: endless */
  int code;
  gboolean has_failed;
} failing;

static sqlite3_file *
real_of (sqlite3_file *file)
{
  return ((File *)file)->real;
}

static gboolean
is_failing (void)
{
  if (failing.writes_left < 0)
    return FALSE;
  if (failing.writes_left > 0)
    {
      failing.writes_left--;
      return FALSE;
    }
  failing.has_failed = TRUE;
  return TRUE;
}

static int
close_file (sqlite3_file *file)
{
  sqlite3_file *real = real_of (file);
  return real->pMethods == NULL ? SQLITE_OK : real->pMethods->xClose (real);
}

static int
read_file (sqlite3_file *file, void *bytes, int n, sqlite3_int64 at)
{
  return real_of (file)->pMethods->xRead (real_of (file), bytes, n, at);
}

static int
write_file (sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
  return is_failing ()
             ? failing.code
             : real_of (file)->pMethods->xWrite (real_of (file), bytes, n, at);
}

static int
truncate_file (sqlite3_file *file, sqlite3_int64 size)
{
  return real_of (file)->pMethods->xTruncate (real_of (file), size);
}

static int
sync_file (sqlite3_file *file, int flags)
{
  (void)file;
  (void)flags;
  return SQLITE_OK;
}

static int
file_size (sqlite3_file *file, sqlite3_int64 *ret_size)
{
  return real_of (file)->pMethods->xFileSize (real_of (file), ret_size);
}

static int
lock_file (sqlite3_file *file, int level)
{
  return real_of (file)->pMethods->xLock (real_of (file), level);
}

static int
unlock_file (sqlite3_file *file, int level)
{
  return real_of (file)->pMethods->xUnlock (real_of (file), level);
}

static int
check_lock (sqlite3_file *file, int *ret_is_locked)
{
  return real_of (file)->pMethods->xCheckReservedLock (real_of (file), ret_is_locked);
}

static int
control_file (sqlite3_file *file, int operation, void *data)
{
  return real_of (file)->pMethods->xFileControl (real_of (file), operation, data);
}

static int
sector_size (sqlite3_file *file)
{
  return real_of (file)->pMethods->xSectorSize (real_of (file));
}

static int
characteristics (sqlite3_file *file)
{
  return real_of (file)->pMethods->xDeviceCharacteristics (real_of (file));
}

static int
map_shared (
    sqlite3_file *file, int page, int size, int extend, void volatile **ret_memory)
{
  return real_of (file)->pMethods->xShmMap (
      real_of (file), page, size, extend, ret_memory);
}

static int
lock_shared (sqlite3_file *file, int at, int n, int flags)
{
  return real_of (file)->pMethods->xShmLock (real_of (file), at, n, flags);
}

static void
order_shared (sqlite3_file *file)
{
  real_of (file)->pMethods->xShmBarrier (real_of (file));
}

static int
unmap_shared (sqlite3_file *file, int remove)
{
  return real_of (file)->pMethods->xShmUnmap (real_of (file), remove);
}

/* Version 2: the write-ahead log needs shared memory. */
static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = close_file,
  .xRead = read_file,
  .xWrite = write_file,
  .xTruncate = truncate_file,
  .xSync = sync_file,
  .xFileSize = file_size,
  .xLock = lock_file,
  .xUnlock = unlock_file,
  .xCheckReservedLock = check_lock,
  .xFileControl = control_file,
  .xSectorSize = sector_size,
  .xDeviceCharacteristics = characteristics,
  .xShmMap = map_shared,
  .xShmLock = lock_shared,
  .xShmBarrier = order_shared,
  .xShmUnmap = unmap_shared,
};

static int
open_file (
    sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *ret_flags)
{
  File *file = (File *)base;

  (void)vfs;
  memset (file, 0, sizeof *file);
  file->real = (sqlite3_file *)(void *)(file + 1);
  int code = failing.real->xOpen (failing.real, name, file->real, flags, ret_flags);
  file->base.pMethods = code == SQLITE_OK ? &methods : NULL;
  return code;
}

void
dms_failing_vfs_start (void)
{
  failing.real = sqlite3_vfs_find (NULL);
  failing.vfs = *failing.real;
  failing.vfs.zName = "dms-failing";
  failing.vfs.szOsFile = (int)sizeof (File) + failing.real->szOsFile;
  failing.vfs.xOpen = open_file;
  failing.writes_left = -1;
  g_assert_cmpint (sqlite3_vfs_register (&failing.vfs, 1), ==, SQLITE_OK);
}

void
dms_failing_vfs_stop (void)
{
  g_assert_cmpint (sqlite3_vfs_unregister (&failing.vfs), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_vfs_register (failing.real, 1), ==, SQLITE_OK);
}

void
dms_failing_vfs_set (int n_writes, int code)
{
  failing.writes_left = n_writes;
  failing.code = code;
  failing.has_failed = FALSE;
}

gboolean
dms_failing_vfs_has_failed (void)
{
  return failing.has_failed;
}
