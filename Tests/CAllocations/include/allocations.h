// Counts calls of malloc and its relatives in the whole process, which links this file's functions in place of the C library's.
#pragma once

/// How many blocks were asked for since the process began, by any thread.
long allocation_count(void);
