/**
 * The explorer: runs unmodified code over SharedArrayBuffer in every interleaving that can matter. `import … from 'racelab/explore'`.
 *
 * @module explore
 */
export * from '../../../src/explore/index.ts'
