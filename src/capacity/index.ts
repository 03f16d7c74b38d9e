export {
  createLimits,
  type LimitRefusal,
  type Limits,
  type LimitState,
  type LimitSubject,
  type Permit,
} from './limits.ts';
export { createOutputForecast, type OutputForecast } from './output-forecast.ts';
