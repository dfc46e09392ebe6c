import { strict as assert } from 'node:assert';
import { telemetryFiles } from '../../scripts/generate/telemetry.ts';
import { filterOfMetric, LOG_METRICS } from '../../shared/log-metrics.ts';

const generated = (name: string) => JSON.parse(telemetryFiles().get(`terraform/generated/${name}`) ?? '');

describe('the metrics of log lines', () => {
  for (const metric of LOG_METRICS) {
    it(`${metric.name}: has a name, labels and paths that Cloud Logging accepts`, () => {
      assert.match(metric.name, /^[A-Za-z0-9_\-.,+!*',()%/]{1,100}$/);
      assert.ok(!metric.name.startsWith('/'));
      assert.ok(Object.keys(metric.labels).length <= 10);
      for (const label of Object.keys(metric.labels)) assert.match(label, /^[a-z][a-z0-9_]{0,98}$/);
      for (const path of Object.values(metric.labels)) assert.match(path, /^[a-z]+(\.[a-z]+)?$/);
    });

    it(`${metric.name}: counts only lines of our functions`, () => {
      const filter = filterOfMetric(metric);
      assert.match(
        filter,
        /^resource\.type="cloud_run_revision"\nAND resource\.labels\.service_name=~"\^firebreak-"\nAND /,
      );
    });
  }

  it('are those in the file for Terraform', () => {
    const metrics = generated('metrics.json');
    assert.deepEqual(
      Object.keys(metrics),
      LOG_METRICS.map(({ name }) => name),
    );
    assert.equal(metrics['firebreak/step_duration'].value, 'EXTRACT(jsonPayload.fields.ms)');
    assert.equal(metrics['firebreak/steps'].value, null);
    assert.equal(metrics['firebreak/counted'].labels.reason, 'EXTRACT(jsonPayload.metric)');
  });

  it('are all on the dashboard, grouped by labels that they have', () => {
    const text = JSON.stringify(generated('dashboard.json'));
    for (const { name } of LOG_METRICS) assert.ok(text.includes(`user/${name}\\"`), name);
    const { tiles } = generated('dashboard.json').mosaicLayout;
    for (const { widget } of tiles) {
      const { filter, aggregation } = widget.xyChart.dataSets[0].timeSeriesQuery.timeSeriesFilter;
      const metric = LOG_METRICS.find(({ name }) => filter.includes(`user/${name}"`));
      for (const field of aggregation.groupByFields) {
        const label = /^metric\.label\."(.*)"$/.exec(field)?.[1];
        if (label !== undefined) assert.ok(Object.hasOwn(metric?.labels ?? {}, label), `${widget.title}: ${label}`);
      }
    }
  });

  it('are on tiles that do not overlap', () => {
    const { tiles, columns } = generated('dashboard.json').mosaicLayout;
    const places = new Set(tiles.map(({ xPos, yPos }: { xPos: number; yPos: number }) => `${xPos} ${yPos}`));
    assert.equal(places.size, tiles.length);
    for (const { xPos, width } of tiles) assert.ok(xPos + width <= columns);
  });
});
