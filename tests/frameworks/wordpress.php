<?php
// Stands in for what of WordPress the plugin calls, as its documentation says of each; then runs the plugin, and writes
// what it makes of each line of JSON that comes in: {"given": the attributes of a short code} -> {"html", "loads"}.
error_reporting( E_ALL );
set_error_handler( function ( $level, $message ) {
	throw new ErrorException( $message, 0, $level );
} );

define( 'ABSPATH', __DIR__ );

$hooks    = array();
$enqueued = array();
$known    = array();

function add_action( $name, $call ) {
	add_filter( $name, $call );
}

function add_filter( $name, $call, $priority = 10, $arguments = 1 ) {
	global $hooks;
	$hooks[ $name ] = $call;
}

function add_shortcode( $name, $call ) {
	add_filter( "shortcode $name", $call );
}

// What is not named is dropped, what is not given takes its default.
function shortcode_atts( $names, $given, $shortcode = '' ) {
	return array_merge( $names, array_intersect_key( (array) $given, $names ) );
}

function wp_register_script( $name, $source, $needs, $version, $options ) {
	global $known;
	$known[ $name ] = array( $source, $needs, $version, $options );
}

function wp_enqueue_script( $name ) {
	global $enqueued;
	$enqueued[] = $name;
}

function esc_html( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8', false );
}

function esc_attr( $text ) {
	return esc_html( $text );
}

function esc_url( $url ) {
	return preg_match( '#^https?://#', $url ) ? str_replace( array( "'", '&' ), array( '&#039;', '&#038;' ), $url ) : '';
}

require $argv[1];

$hooks['wp_enqueue_scripts']();
$kept  = $hooks['wp_kses_allowed_html']( array( 'p' => array() ), 'post' );
$other = $hooks['wp_kses_allowed_html']( array( 'p' => array() ), 'data' );
echo json_encode( array( 'known' => $known, 'kept' => $kept, 'other' => $other ) ), "\n";
while ( ( $line = fgets( STDIN ) ) !== false ) {
	$enqueued = array();
	$html     = $hooks['shortcode article']( json_decode( $line, true )['given'] );
	echo json_encode( array( 'html' => $html, 'loads' => $enqueued ) ), "\n";
}
