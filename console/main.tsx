import '@fontsource-variable/inter/index.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './ui/base.css';
import './api/no-eval.ts';
import { RouterProvider } from '@tanstack/react-router';
import { SessionProvider } from './api/session.tsx';
import { mountSite } from './components/mount-site.tsx';
import { createConsoleRouter } from './routes.tsx';
import { themeIn } from './ui/theme.ts';

const router = createConsoleRouter();

mountSite({ themeIn, SessionProvider, Pages: () => <RouterProvider router={router} /> });
