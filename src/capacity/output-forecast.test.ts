import { expect, test } from 'bun:test';
import { createOutputForecast } from './output-forecast.ts';

test('knows nothing before twenty answers, and never forecasts more than is allowed', () => {
  const outputs = createOutputForecast();
  for (let n = 0; n < 19; n++) outputs.learn('k', 'm', 50);
  expect(outputs.forecast('k', 'm', 4_096)).toBe(1_024);
  expect(outputs.forecast('k', 'm', 100)).toBe(100);
});

test('forecasts the 95th percentile within a bucket', () => {
  const outputs = createOutputForecast();
  for (let n = 1; n <= 100; n++) outputs.learn('k', 'm', n * 10);
  const forecast = outputs.forecast('k', 'm', 100_000);
  expect(forecast).toBeGreaterThanOrEqual(950);
  expect(forecast).toBeLessThanOrEqual(950 * 1.16);
});

test('follows a change of habit', () => {
  const outputs = createOutputForecast();
  for (let n = 0; n < 900; n++) outputs.learn('k', 'm', 4_000);
  for (let n = 0; n < 8_000; n++) outputs.learn('k', 'm', 20);
  expect(outputs.forecast('k', 'm', 100_000)).toBeLessThan(30);
});
