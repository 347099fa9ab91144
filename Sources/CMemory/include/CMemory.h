#ifndef PERCEPT_MEMORY_H
#define PERCEPT_MEMORY_H

/// Lets the C library give blocks of a megabyte and more back to the system as soon as they are freed.
///
/// It raises that size by itself when such blocks are freed, and then keeps them: blocks of many sizes leave holes. Does nothing where there is no such setting.
void percept_return_large_blocks(void);

#endif
