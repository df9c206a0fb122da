/** `<article-widget>` in templates, for Vue 3: `import type {} from "article-widget/vue"`. */
import type { DefineComponent } from "vue";
import type { ArticleWidgetAttributes, ArticleWidgetEventMap } from "article-widget";

/** Listeners, by the names that Vue's checker makes of `@article-widget:ready` and the others. */
type Listeners = {
  [Name in keyof ArticleWidgetEventMap as Name extends `article-widget:${infer Word}`
    ? `onArticleWidget:${Word}`
    : never]?: (event: ArticleWidgetEventMap[Name]) => void;
};

/** Attributes as templates have them, and by the name that Vue's checker makes of the one with a hyphen. */
interface Properties extends ArticleWidgetAttributes, Listeners {
  mostRead?: ArticleWidgetAttributes["most-read"];
}

declare module "vue" {
  interface GlobalComponents {
    "article-widget": DefineComponent<Properties>;
  }
}
