const TOTAL = 10_000;

/** The numbers of all services of the large route table. */
export const ALL_SERVICES: readonly number[] = Array.from({ length: TOTAL }, (_, service) => service);

/**
 * The ten services that the small route table has as well, from one end of the large table to the other. Only these are
 * asked for, so both tables answer the same requests.
 */
export const SHARED_SERVICES: readonly number[] = ALL_SERVICES.filter((service) => service % (TOTAL / 10) === 0);
