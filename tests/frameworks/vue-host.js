// A host in Vue that does to an article what apps do: renders it again, gives it another id, moves it, takes it
// away. A test calls these.
import { createApp, h, nextTick, shallowRef } from "vue";
import Article from "../../www/examples/vue/Article.vue";

const articles = shallowRef([]);
const heard = (globalThis.heard = []);
const onReady = (detail) => heard.push(detail);

createApp(() => articles.value.map(({ key, id, theme }) => h(Article, { key, id, title: id, theme, onReady }))).mount("#app");

globalThis.show = (wanted) => {
  articles.value = wanted;
  return nextTick();
};
