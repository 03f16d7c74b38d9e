import {
  Button,
  Checkbox,
  Input,
  type MantineThemeOverride,
  mergeThemeOverrides,
  NumberInput,
  PasswordInput,
  Select,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { Translate } from '../../console/locales/translate.ts';
import { themeIn } from '../../console/ui/theme.ts';
import type { uiTexts } from '../../console/ui/ui-texts.ts';

const roomy = { defaultProps: { size: 'md' } };

/** The console's colours with more room: people come here now and then, not all day, and often with a thumb. */
export function portalTheme(t: Translate<keyof (typeof uiTexts)['en']>): MantineThemeOverride {
  return mergeThemeOverrides(themeIn(t), {
    fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.375rem' },
    headings: { sizes: { h1: { fontSize: '1.5rem', lineHeight: '2rem' } } },
    radius: { sm: '8px', md: '12px' },
    components: {
      Button: Button.extend({ defaultProps: { size: 'sm' } }),
      Checkbox: Checkbox.extend({ defaultProps: { radius: 5 } }),
      Input: Input.extend(roomy),
      NumberInput: NumberInput.extend(roomy),
      PasswordInput: PasswordInput.extend(roomy),
      Select: Select.extend(roomy),
      Textarea: Textarea.extend(roomy),
      TextInput: TextInput.extend(roomy),
    },
  });
}
