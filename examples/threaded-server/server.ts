/** A multi-threaded web server, however its connections come to its threads. */
export interface ThreadedServer {
  readonly url: string
  /** Ends it at once, whatever its threads are doing. */
  close(): Promise<void>
}
