/** `<article-widget>` in JSX, for React 19: `import type {} from "article-widget/react"`. */
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { ArticleWidgetAttributes, ArticleWidgetElement } from "article-widget";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "article-widget": DetailedHTMLProps<
        Omit<HTMLAttributes<ArticleWidgetElement>, keyof ArticleWidgetAttributes>,
        ArticleWidgetElement
      > &
        ArticleWidgetAttributes;
    }
  }
}
