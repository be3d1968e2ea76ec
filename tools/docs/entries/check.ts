/**
 * Checks of recorded histories against a sequential model. `import … from 'racelab/check'`.
 *
 * @module check
 */
export * from '../../../src/check/index.ts'
