<?php
/**
 * Plugin Name: Article widget
 * Description: Shows a publisher's article: [article id="ID" title="Title"]
 * Requires at least: 6.3
 * Requires PHP: 7.4
 * License: MIT OR Apache-2.0
 */

defined( 'ABSPATH' ) || exit;

const ARTICLE_WIDGET_PUBLISHER = 'https://news.example';

// Known to WordPress on every page, and loaded only on those that show an article.
add_action( 'wp_enqueue_scripts', function () {
	wp_register_script(
		'article-widget',
		ARTICLE_WIDGET_PUBLISHER . '/embed.js',
		array(),
		null,
		array( 'strategy' => 'async' )
	);
} );

// On one line and without a blank one: WordPress would put <p> and <br> between the tags.
add_shortcode( 'article', function ( $given ) {
	$given = shortcode_atts( array( 'id' => '', 'title' => '', 'theme' => 'auto', 'navigate' => 'link' ), $given, 'article' );
	if ( ! preg_match( '/^[A-Za-z0-9_.~-]{1,128}$/', $given['id'] ) ) {
		return '';
	}
	wp_enqueue_script( 'article-widget' );
	$link = ARTICLE_WIDGET_PUBLISHER . '/a/' . $given['id'];
	return sprintf(
		'<article-widget src="%s" article="%s" theme="%s" navigate="%s"><a href="%s">%s</a></article-widget>',
		esc_url( ARTICLE_WIDGET_PUBLISHER ),
		esc_attr( $given['id'] ),
		esc_attr( $given['theme'] ),
		esc_attr( $given['navigate'] ),
		esc_url( $link ),
		esc_html( $given['title'] ? $given['title'] : $link )
	);
} );

// People who may not write HTML may still have it kept: `kses` knows the element and its attributes.
add_filter( 'wp_kses_allowed_html', function ( $allowed, $context ) {
	if ( 'post' === $context ) {
		$allowed['article-widget'] = array_fill_keys(
			array( 'article', 'src', 'lang', 'theme', 'font', 'most-read', 'share', 'navigate', 'style' ),
			true
		);
	}
	return $allowed;
}, 10, 2 );
