/** The machine on which figures were measured. Figures are not comparable without it. */
import { availableParallelism, cpus, loadavg } from 'node:os'

/** A description of a machine. */
export interface Machine {
  /** The model of the processor. */
  readonly cpu: string
  /** The number of processors that the process can use. */
  readonly cores: number
  /** The version of Node, such as `v20.20.0`. */
  readonly node: string
  /** The number of runnable threads, averaged over the minute before the call. */
  readonly load: number
}

/** Returns the description of this machine, now. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown CPU',
    cores: availableParallelism(),
    node: process.version,
    load: Math.round(loadavg()[0]! * 100) / 100,
  }
}

/** Returns a description of a machine in one line. */
export function machineLine({ cpu, cores, node, load }: Machine): string {
  return `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, Node ${node}, load ${load.toFixed(2)}`
}
