import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { ChartFrame, type TableTwin } from './chart-frame.tsx';
import './network-chart.css';
import { layOutNetwork, type NetworkPlace } from './network-layout.ts';

export interface NetworkNode {
  readonly id: string;
  /** Stands beside it, so it is short. */
  readonly label: string;
  /** All that is to be known of it, for who points at it or hears it. */
  readonly description: string;
  /** A square that stands out, in place of a circle. */
  readonly warned: boolean;
  /** With a ring around it: the one the picture is about. */
  readonly marked: boolean;
}

export interface NetworkEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** A whole line; else a dashed and thinner one. */
  readonly firm: boolean;
  readonly description: string;
}

interface NetworkChartProps<Row extends object> {
  readonly title: string;
  /** What the picture shows, in words. */
  readonly description: string;
  readonly nodes: readonly NetworkNode[];
  readonly edges: readonly NetworkEdge[];
  readonly twin: TableTwin<Row>;
  /** Under the picture: what its signs mean, and what it leaves out. */
  readonly legend: ReactNode;
  readonly onPick: (id: string) => void;
}

const HEIGHT_PX = 400;
const INSET_PX = 34;
const LABELS_MAX = 26;
const RADIUS_PX = 7;

/** Who is connected with whom, by firm and by loose ties, with the ties as a table; arrows go from node to node. */
export function NetworkChart<Row extends object>(props: NetworkChartProps<Row>) {
  const { title, description, nodes, edges, twin, legend, onPick } = props;
  const { ref, width } = useElementSize();
  const places = usePlaces(nodes, edges, width);
  return (
    <ChartFrame title={title} twin={twin} height={HEIGHT_PX + 60}>
      <div ref={ref} className="network">
        {width === 0 ? null : (
          <svg width={width} height={HEIGHT_PX} role="group" aria-label={description}>
            {edges.map((edge) => (
              <Edge key={edge.id} edge={edge} from={places.get(edge.from)} to={places.get(edge.to)} />
            ))}
            <Nodes nodes={nodes} places={places} onPick={onPick} />
            <Labels nodes={nodes} places={places} />
          </svg>
        )}
      </div>
      <div className="network-legend">{legend}</div>
    </ChartFrame>
  );
}

type Places = ReadonlyMap<string, NetworkPlace>;

/** Where each node stands, in pixels. */
function usePlaces(nodes: readonly NetworkNode[], edges: readonly NetworkEdge[], width: number): Places {
  const laidOut = useMemo(() => {
    const nth = new Map(nodes.map(({ id }, at) => [id, at]));
    const pairs = edges.map(({ from, to }) => [nth.get(from) ?? 0, nth.get(to) ?? 0] as const);
    return layOutNetwork(nodes.length, pairs);
  }, [nodes, edges]);
  return useMemo(() => {
    const scale = (share: number, size: number) => INSET_PX + share * (size - 2 * INSET_PX);
    const placed = nodes.map(({ id }, at) => {
      const { x, y } = laidOut[at] ?? { x: 0.5, y: 0.5 };
      return [id, { x: scale(x, width), y: scale(y, HEIGHT_PX) }] as const;
    });
    return new Map(placed);
  }, [nodes, laidOut, width]);
}

interface EdgeProps {
  readonly edge: NetworkEdge;
  readonly from: NetworkPlace | undefined;
  readonly to: NetworkPlace | undefined;
}

function Edge({ edge, from, to }: EdgeProps) {
  if (from === undefined || to === undefined) return null;
  return (
    <line className="network-edge" data-firm={edge.firm} x1={from.x} y1={from.y} x2={to.x} y2={to.y}>
      <title>{edge.description}</title>
    </line>
  );
}

interface NodesProps {
  readonly nodes: readonly NetworkNode[];
  readonly places: Places;
  readonly onPick: (id: string) => void;
}

/** One stop of the Tab key for all of them; the arrows go on from there. */
function Nodes({ nodes, places, onPick }: NodesProps) {
  const [current, setCurrent] = useState(0);
  const drawn = useRef<(SVGGElement | null)[]>([]);
  const at = Math.min(current, nodes.length - 1);
  function onKeyDown(event: KeyboardEvent, node: NetworkNode): void {
    if (event.key === 'Enter') onPick(node.id);
    const next = nextOf(event.key, at, nodes.length);
    if (next === null) return;
    event.preventDefault();
    setCurrent(next);
    drawn.current[next]?.focus();
  }
  return nodes.map((node, nth) => {
    const { x, y } = places.get(node.id) ?? { x: 0, y: 0 };
    return (
      <g
        key={node.id}
        ref={(element) => {
          drawn.current[nth] = element;
        }}
        role="link"
        aria-label={node.description}
        tabIndex={nth === at ? 0 : -1}
        className="network-node"
        data-warned={node.warned}
        transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}
        onClick={() => onPick(node.id)}
        onFocus={() => setCurrent(nth)}
        onKeyDown={(event) => onKeyDown(event, node)}
      >
        <title>{node.description}</title>
        <NodeSign warned={node.warned} marked={node.marked} />
      </g>
    );
  });
}

/** Beside the nodes and no part of their names, which say more. */
function Labels({ nodes, places }: Omit<NodesProps, 'onPick'>) {
  return nodes.map(({ id, label, marked }) => {
    const place = places.get(id);
    if (place === undefined || !(marked || nodes.length <= LABELS_MAX)) return null;
    const below = RADIUS_PX + (marked ? 18 : 14);
    return (
      <text key={id} className="network-label mono" x={place.x} y={place.y + below} textAnchor="middle" aria-hidden>
        {label}
      </text>
    );
  });
}

function nextOf(key: string, at: number, count: number): number | null {
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(at + 1, count - 1);
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}

/** The shape of a node, also for the legend. */
function NodeSign({ warned, marked }: { readonly warned: boolean; readonly marked: boolean }) {
  return (
    <>
      {marked ? <circle className="network-ring" r={RADIUS_PX + 5} /> : null}
      {warned ? (
        <rect x={-RADIUS_PX} y={-RADIUS_PX} width={2 * RADIUS_PX} height={2 * RADIUS_PX} transform="rotate(45)" />
      ) : (
        <circle r={RADIUS_PX} />
      )}
    </>
  );
}

type Sign = 'firm' | 'loose' | 'plain' | 'warned' | 'marked';

/** A sign of the picture with what it means. */
export function NetworkSign({ sign, children }: { readonly sign: Sign; readonly children: string }) {
  const isEdge = sign === 'firm' || sign === 'loose';
  return (
    <span className="network-sign">
      <svg width={isEdge ? 30 : 26} height={26} aria-hidden className="network-node" data-warned={sign === 'warned'}>
        {isEdge ? (
          <line className="network-edge" data-firm={sign === 'firm'} x1={1} y1={13} x2={29} y2={13} />
        ) : (
          <g transform="translate(13 13)">
            <NodeSign warned={sign === 'warned'} marked={sign === 'marked'} />
          </g>
        )}
      </svg>
      {children}
    </span>
  );
}
