/** `<article-widget>` in templates, for Vue 3: `import type {} from "article-widget/vue"`. */
import type { DefineComponent } from "vue";
import type { ArticleWidgetAttributes } from "article-widget";

declare module "vue" {
  interface GlobalComponents {
    "article-widget": DefineComponent<ArticleWidgetAttributes>;
  }
}
