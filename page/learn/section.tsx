/** The section "learn". */
export function Learn() {
  return <h1>Learn</h1>
}
