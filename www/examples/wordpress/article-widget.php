<?php
/**
 * Plugin Name: Article widget
 * Description: Shows a publisher's article: [article id="ID" title="Title" lang="en" theme="dark" navigate="inline"]
 * Requires at least: 6.3
 * Requires PHP: 7.4
 * License: MIT OR Apache-2.0
 */

defined( 'ABSPATH' ) || exit;

const ARTICLE_WIDGET_PUBLISHER = 'https://news.example';

// What an author may choose: names of the element's attributes, which short codes have with their hyphens too.
const ARTICLE_WIDGET_CHOICES = array( 'lang', 'theme', 'font', 'most-read', 'share', 'navigate' );

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

// Keeps the room free, so that nothing below it jumps.
const ARTICLE_WIDGET_STYLE = 'display:flow-root;min-height:100vh';

// On one line and without a blank one: WordPress would put <p> and <br> between the tags.
add_shortcode( 'article', function ( $given ) {
	$names = array_merge( array( 'id', 'title' ), ARTICLE_WIDGET_CHOICES );
	$given = shortcode_atts( array_fill_keys( $names, '' ), $given, 'article' );
	// To the very end: `$` alone would let a line break through.
	if ( ! preg_match( '/^[A-Za-z0-9_.~-]{1,128}$/D', $given['id'] ) ) {
		return '';
	}
	wp_enqueue_script( 'article-widget' );
	$choices = '';
	foreach ( ARTICLE_WIDGET_CHOICES as $name ) {
		// Words and commas are all that any of them holds; what is not chosen is the publisher's.
		if ( preg_match( '/^[A-Za-z0-9, -]{1,128}$/D', $given[ $name ] ) ) {
			$choices .= sprintf( ' %s="%s"', $name, esc_attr( $given[ $name ] ) );
		}
	}
	$link = ARTICLE_WIDGET_PUBLISHER . '/a/' . $given['id'];
	return sprintf(
		'<article-widget src="%s" article="%s"%s style="%s"><a href="%s">%s</a></article-widget>',
		esc_url( ARTICLE_WIDGET_PUBLISHER ),
		esc_attr( $given['id'] ),
		$choices,
		esc_attr( ARTICLE_WIDGET_STYLE ),
		esc_url( $link ),
		esc_html( trim( preg_replace( '/[\r\n\t ]+/', ' ', $given['title'] ) ) ?: $link )
	);
} );

// People who may not write HTML may still have it kept: `kses` knows the element and its attributes.
add_filter( 'wp_kses_allowed_html', function ( $allowed, $context ) {
	if ( 'post' === $context ) {
		$allowed['article-widget'] = array_fill_keys(
			array_merge( array( 'article', 'src', 'style' ), ARTICLE_WIDGET_CHOICES ),
			true
		);
	}
	return $allowed;
}, 10, 2 );
