import '@fontsource-variable/inter/index.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '../console/ui/base.css';
import './components/portal.css';
import '../console/api/no-eval.ts';
import { RouterProvider } from '@tanstack/react-router';
import { mountSite } from '../console/components/mount-site.tsx';
import { SessionProvider } from './api/session.tsx';
import { portalTheme } from './components/look.ts';
import { createPortalRouter } from './routes.tsx';

const router = createPortalRouter();

mountSite({ themeIn: portalTheme, SessionProvider, Pages: () => <RouterProvider router={router} /> });
