/** IPv4 arithmetic: prefixes, pools, MACs. Pure. */
@NullMarked
package dev.kumiko.network.address;

import org.jspecify.annotations.NullMarked;
