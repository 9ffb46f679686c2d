type HeaderValue = Buffer | string;

/** Headers by name; one that stands more than once in a message is a list. Received ones are bytes. */
export type MessageHeaders = Readonly<Record<string, HeaderValue | readonly HeaderValue[] | undefined>>;
