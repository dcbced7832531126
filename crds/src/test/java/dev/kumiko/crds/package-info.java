/** Makes the CRD manifests of the chart and the reference pages from the records of the API. */
@NullMarked
package dev.kumiko.crds;

import org.jspecify.annotations.NullMarked;
