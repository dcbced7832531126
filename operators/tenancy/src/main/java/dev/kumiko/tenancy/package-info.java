/** Tenant: a customer's namespace, the roles in it, its quota and its routing domain. */
@NullMarked
package dev.kumiko.tenancy;

import org.jspecify.annotations.NullMarked;
