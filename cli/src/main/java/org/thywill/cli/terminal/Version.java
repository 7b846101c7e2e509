package org.thywill.cli.terminal;

import picocli.CommandLine.IVersionProvider;

/** The version of the program and of the archive format, for {@code --version}. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "thywill " + (version == null ? "development" : version) + ", archive format 1 (draft)"
    };
  }
}
