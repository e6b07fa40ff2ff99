/** The form of a region's name, as the source of a regular expression: `us-east-1`, `us-gov-west-1`. */
export const REGION_NAME = '[a-z]{2,}(?:-[a-z]+)+-\\d+';
