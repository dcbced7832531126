package dev.kumiko.compute.domainxml;

/** Processor and memory of a guest. */
public record Hardware(int vcpus, long memoryKibibytes, Acceleration acceleration) {}
