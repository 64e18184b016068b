/** report.html: one file that opens offline, made of nothing but the files of a run. */
package dev.halfopen.report.html;
