import { createRootRoute, createRoute, createRouter, Outlet, retainSearchParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { parseSearch, stringifySearch } from '../console/components/search-state.ts';
import { Outside } from './components/outside.tsx';
import { framed, NotFound } from './components/page-frame.tsx';
import { SessionAwaited } from './components/session-awaited.tsx';
import { PAGES } from './pages.ts';

/** Fetched when somebody is in: the first page and the way in need none of it. */
const Entrance = lazy(async () => ({ default: (await import('./components/entrance.tsx')).Entrance }));
const Start = lazy(async () => ({ default: (await import('./components/entrance.tsx')).Start }));

const rootRoute = createRootRoute({
  component: Outlet,
  // Every link stays in the account that is looked at.
  search: { middlewares: [retainSearchParams<{ account?: string }>(['account'])] },
});

const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'inside',
  component: () => (
    <Suspense fallback={<SessionAwaited />}>
      <Entrance pages={PAGES} />
    </Suspense>
  ),
});
const outsideRoute = createRoute({ getParentRoute: () => rootRoute, id: 'outside', component: Outside });

/** Pages of those who are in; the list is `PAGES`. */
const insideRoutes = [
  createRoute({ getParentRoute: () => insideRoute, path: '/start', component: () => <Start pages={PAGES} /> }),
  ...PAGES.filter(({ access }) => access !== 'anybody').map((entry) =>
    createRoute({ getParentRoute: () => insideRoute, path: entry.path, component: framed(entry) }),
  ),
];

/** Pages for everybody. */
const outsideRoutes = [
  createRoute({ getParentRoute: () => outsideRoute, path: '$', component: NotFound }),
  ...PAGES.filter(({ access }) => access === 'anybody').map((entry) =>
    createRoute({ getParentRoute: () => outsideRoute, path: entry.path, component: framed(entry) }),
  ),
];

/** The table of contents of the portal as the router knows it. */
export function createPortalRouter() {
  return createRouter({
    routeTree: rootRoute.addChildren([insideRoute.addChildren(insideRoutes), outsideRoute.addChildren(outsideRoutes)]),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}
