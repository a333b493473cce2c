/** What can be wrong with a request to fit, beside the data file: parameters, operating point, subject, circuit. */
export class FitError extends Error {}
